// Questions to /etc/hosts and name servers, carried by c-ares over sockets and time of Asio's. Owned by a resolver.
// [the io_context's thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/http/resolver.hpp"
#include "core/http/socket.hpp"
#include "core/http/timers.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

struct ares_channeldata;

namespace plugboard::http {

class NameQueries {
 public:
  struct Answer {
    std::string name;
    Result<Addresses> found;
    Duration time_to_live{}; // of what was found
    bool in_doubt = false;   // nothing was found since nobody answered, or not that question
  };

  using Answered = std::function<void(Answer)>; // from the io_context, never from inside ask(); may destroy this object

  NameQueries(boost::asio::io_context& io, const Clock& clock, const NameServers& servers, Answered answered);
  ~NameQueries();
  NameQueries(const NameQueries&) = delete;
  NameQueries& operator=(const NameQueries&) = delete;

  void ask(const std::string& name); // answered exactly once; where this throws, not at all

 private:
  struct Question;
  struct Ear;
  struct FromC;

  bool ready();
  void close();
  void hear(int fd, bool readable, bool writable);
  void wait(const std::shared_ptr<Ear>& ear);
  void process(int readable, int writable);
  void watch_time();
  void deliver();
  void deliver_soon();
  Answer answer_to(const Question& question);

  boost::asio::io_context& io_;
  const Clock& clock_;
  const NameServers servers_;
  const Answered answered_;
  Timers timers_;
  ares_channeldata* channel_ = nullptr; // made when it is needed: name servers may change
  Instant made_{};
  bool in_doubt_ = false; // its name servers did not answer: they may be others now
  std::unordered_map<int, std::shared_ptr<Ear>> ears_;
  std::vector<std::unique_ptr<Question>> questions_;
  std::optional<Timers::Id> alarm_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

} // namespace plugboard::http
