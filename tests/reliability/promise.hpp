// What the programs that show a promise have in common: one promise a program, whose name is the promise's id. It
// prints one line, `S1 passed 60 kills, 0 lost, seed 7`, and writes the same as JSON for the table in SECURITY.md.
// [one thread, but fail() and count(): any]
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

class Showing { // of one promise
 public:
  Showing(std::uint64_t seed, bool full);

  const std::uint64_t seed; // --seed, or random; all that is random comes from it
  const bool full;          // --long: at the size that is too long for every change
  std::mt19937_64 random;   // [the program's thread]

  // The promise is broken. Goes on, so that one run shows all; only the first twenty are kept.
  void fail(const std::string& why);
  bool holds(bool condition, const std::string& otherwise); // fail()s unless it is so; the condition
  void count(const std::string& what, std::int64_t more = 1);
  std::int64_t counted(const std::string& what) const;
  // What it did not do for want of something on this machine, and why. A promise with gaps is not kept.
  void skip(const std::string& what);

  std::vector<std::string> failures() const;
  std::vector<std::string> skipped() const;
  std::map<std::string, std::int64_t> counts() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> failures_, skipped_;
  std::map<std::string, std::int64_t> counts_;
};

// Does what PROMISE --help says. show: returns what was seen, for people: "60 kills, 0 lost". What it throws is a
// failure. The exit code: 0 kept, 1 broken, 2 wrong usage, 3 not shown here (something was skipped).
int show_promise(int argc, char** argv, std::string_view id, const std::function<std::string(Showing&)>& show);

} // namespace plugboard::test
