#include "tests/reliability/promise.hpp"

#include "tests/support/json.hpp"

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>

namespace plugboard::test {
namespace {

constexpr std::size_t kFailuresKept = 20;

struct Wish {
  std::optional<std::uint64_t> seed;
  bool full = false;
  std::string json; // file to write; empty: none
};

std::optional<Wish> read(int argc, char** argv) {
  Wish wish;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--long") {
      wish.full = true;
    } else if (word == "--seed" && i + 1 < argc) {
      wish.seed = std::stoull(argv[++i]);
    } else if (word == "--json" && i + 1 < argc) {
      wish.json = argv[++i];
    } else {
      std::fprintf(stderr, "usage: %s [--long] [--seed N] [--json FILE]\n", argv[0]);
      return std::nullopt;
    }
  }
  return wish;
}

std::string list(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + json_string(text);
  return "[" + out + "]";
}

std::string as_json(std::string_view id, const char* verdict, const std::string& seen, const Showing& showing,
                    double seconds) {
  std::string counts;
  for (const auto& [what, number] : showing.counts())
    counts += (counts.empty() ? "" : ", ") + json_string(what) + ": " + std::to_string(number);
  return "{\"promise\": " + json_string(id) + ", \"verdict\": " + json_string(verdict) +
         ", \"seen\": " + json_string(seen) + ", \"seed\": " + std::to_string(showing.seed) +
         ", \"long\": " + (showing.full ? "true" : "false") + ", \"seconds\": " + std::to_string(seconds) +
         ", \"counts\": {" + counts + "}, \"failures\": " + list(showing.failures()) +
         ", \"skipped\": " + list(showing.skipped()) + "}\n";
}

} // namespace

Showing::Showing(std::uint64_t given_seed, bool at_full_size) : seed(given_seed), full(at_full_size), random(seed) {}

void Showing::fail(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (failures_.size() < kFailuresKept) failures_.push_back(why);
}

bool Showing::holds(bool condition, const std::string& otherwise) {
  if (!condition) fail(otherwise);
  return condition;
}

void Showing::count(const std::string& what, std::int64_t more) {
  const std::lock_guard lock(mutex_);
  counts_[what] += more;
}

std::int64_t Showing::counted(const std::string& what) const {
  const std::lock_guard lock(mutex_);
  const auto found = counts_.find(what);
  return found == counts_.end() ? 0 : found->second;
}

void Showing::skip(const std::string& what) {
  const std::lock_guard lock(mutex_);
  skipped_.push_back(what);
}

std::vector<std::string> Showing::failures() const {
  const std::lock_guard lock(mutex_);
  return failures_;
}

std::vector<std::string> Showing::skipped() const {
  const std::lock_guard lock(mutex_);
  return skipped_;
}

std::map<std::string, std::int64_t> Showing::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

int show_promise(int argc, char** argv, std::string_view id, const std::function<std::string(Showing&)>& show) {
  const auto wish = read(argc, argv);
  if (!wish) return 2;
  Showing showing(wish->seed ? *wish->seed : std::random_device()() % 1'000'000, wish->full);
  const auto started = std::chrono::steady_clock::now();
  std::string seen;
  try { // the root of the program
    seen = show(showing);
  } catch (const std::exception& error) {
    showing.fail(std::string("it ended before its time: ") + error.what());
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
  const bool kept = showing.failures().empty(), whole = showing.skipped().empty();
  const char* verdict = !kept ? "FAILED" : whole ? "passed" : "SKIPPED";
  const auto comma = seen.empty() ? "" : ", ";
  std::printf("%.*s %s %s%sseed %llu (%.0f s)\n", static_cast<int>(id.size()), id.data(), verdict, seen.c_str(), comma,
              static_cast<unsigned long long>(showing.seed), took.count());
  for (const auto& why : showing.failures()) std::printf("  broken: %s\n", why.c_str());
  for (const auto& what : showing.skipped()) std::printf("  not shown: %s\n", what.c_str());
  if (!wish->json.empty()) std::ofstream(wish->json) << as_json(id, verdict, seen, showing, took.count());
  return !kept ? 1 : whole ? 0 : 3;
}

} // namespace plugboard::test
