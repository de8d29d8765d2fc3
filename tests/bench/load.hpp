// Sends requests to one server over keep-alive connections: as fast as answers come, or at a rate of its own, however
// the server does. Time counts from when a request was meant to be sent, so a server that stalls is not flattered.
// [one thread]
#pragma once

#include "tests/bench/wire.hpp"

#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::bench {

struct Ask {
  std::string bytes;
  std::uint64_t tag = 0; // the caller's own; comes back with the answer
  enum class Manner : std::uint8_t { patient = 1, leaves /* as soon as it has sent */ } manner = Manner::patient;
};

class Caller {
 public:
  virtual ~Caller() = default;
  virtual Ask next() = 0;
  virtual void answered(std::uint64_t tag, const Message& answer, Nanoseconds took) = 0;
  virtual void unanswered(std::uint64_t tag) = 0; // the server closed the connection instead
};

struct LoadLimits {
  int port = 0;
  std::size_t connections = 1; // requests at once
  double rate = 0;             // a second, at random moments; 0: as fast as answers come
  std::uint64_t seed = 1;
  bool in_turns = false; // over all connections; else over the one that was used last
};

struct Latencies { // every one of them is kept: exact percentiles
  std::vector<Nanoseconds> all;
  double microseconds(double percentile); // sorts; 0 when there are none
};

class Load {
 public:
  Load(Loop& loop, const LoadLimits& limits, Caller& caller);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void open();                       // all connections, now; else as they are needed
  void run(Nanoseconds time);        // then the answers still awaited stay awaited; may be called again
  void finish(Nanoseconds patience); // asks nothing more, and waits for those

  void again() { due_.push_back(now()); } // one more than the rate, at once

  Latencies own; // how late it was itself to see that something was due

  std::size_t late() const { return due_.size(); } // requests whose time has come and that found no connection free

 private:
  class Line;
  void send_what_is_due();
  void send(Nanoseconds meant);
  void open_one();
  void lost(Line& line);

  Loop& loop_;
  const LoadLimits limits_;
  Caller& caller_;
  std::mt19937_64 random_;
  std::vector<Line*> lines_;
  std::deque<Line*> idle_;
  std::deque<Nanoseconds> due_;
  Nanoseconds next_{};
  bool finishing_ = false;
};

std::string post(std::string_view path, std::string_view key, std::string_view body);
std::string get(std::string_view path, std::string_view key);

} // namespace plugboard::bench
