// What a plugin's threads can reach of the hub: its plugboard_host, the handles of its calls, the ways to their homes.
// One a plugin instance, and kept for as long as the library is mapped, which is for ever: a thread that the plugin
// forgot finds a shut gate, not freed memory. Owns no Asio object. [any thread]
#pragma once

#include "core/connector/call_table.hpp"
#include "core/connector/gate.hpp"
#include "core/connector/mailbox.hpp"
#include "core/connector/turnstile.hpp"

#include <plugboard/abi.h>

#include <atomic>
#include <memory>
#include <vector>

namespace plugboard::connector {

class HostFiles;
class HostHttp;
class HostLog;
class HostSecrets;
class Tally;

class Border {
 public:
  // What stands behind the gate; all of it outlives shut().
  struct Services {
    HostLog* log = nullptr;
    Tally* tally = nullptr;
    HostHttp* http = nullptr;
    HostFiles* files = nullptr;
    HostSecrets* secrets = nullptr;
  };

  Border(std::size_t homes, std::size_t places, std::size_t max_reply_bytes);
  Border(const Border&) = delete;
  Border& operator=(const Border&) = delete;

  const plugboard_host& host() const { return frame_.host; }

  static Border& of(const plugboard_host* host); // host: one that host() gave out

  // [before the plugin is created]
  void open(const Services& services, std::vector<std::shared_ptr<Mailbox>> mailboxes);

  // When it returns, no thread is inside a service, and none will be again.
  void shut() { gate_.close(); }

  // From here on also called by the plugin, whenever it likes.
  void complete(plugboard_call* handle, const plugboard_reply* reply);
  void threw(plugboard_call* handle); // the plugin's call() did: completes it as failed, unless it is completed

  // f(const Services&) behind the gate; otherwise() once it is shut.
  template <class F, class G>
  auto inside(F&& f, G&& otherwise) {
    const Gate::Pass pass(gate_);
    return pass ? f(services_) : otherwise();
  }

  // Why a call's place is still taken: an answer is to come (async until it came or is no longer awaited), a blocking
  // function has not returned. With the last reason the place is free, and the next in line is told.
  void expect_answer(OpenCall& call, bool blocking);
  void answer_settled(OpenCall& call); // came, or is no longer awaited; more than once is fine
  void release(OpenCall& call);        // one reason less
  void leave();                        // a place is free

  bool send(std::size_t home, Message&& message) { return mailboxes_[home]->send(std::move(message)); }

  CallTable& calls() { return calls_; }

  Turnstile& turnstile() { return turnstile_; }

  std::uint64_t after_end() const { return after_end_; } // completions that found the gate shut

 private:
  struct Frame { // what the plugin's pointer points to
    plugboard_host host;
    Border* border;
  };

  void report_miss(const Services& services, CallTable::Miss miss);

  Frame frame_;
  const std::size_t max_reply_bytes_;
  Gate gate_;
  CallTable calls_;
  Turnstile turnstile_;
  Services services_;
  std::vector<std::shared_ptr<Mailbox>> mailboxes_;
  std::atomic<std::uint64_t> after_end_ = 0;
};

} // namespace plugboard::connector
