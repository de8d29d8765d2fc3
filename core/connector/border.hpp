// What a plugin's threads can reach of the hub: its plugboard_host, the handles of its calls, the ways to their homes.
// They come through the doorway, which stays for ever; the border itself is owned by the connector, and freed after the
// gate was shut. Owns no Asio object. [any thread]
#pragma once

#include "core/connector/call_table.hpp"
#include "core/connector/doorway.hpp"
#include "core/connector/mailbox.hpp"
#include "core/connector/turnstile.hpp"

#include <plugboard/abi.h>

#include <memory>
#include <vector>

namespace plugboard::connector {

class HostClock;
class HostFiles;
class HostHttp;
class HostKv;
class HostLog;
class HostMetrics;
class HostOauth2;
class HostSecrets;
class HostTcp;
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
    HostTcp* tcp = nullptr;
    HostClock* clock = nullptr;
    HostMetrics* metrics = nullptr;
    HostKv* kv = nullptr;
    HostOauth2* oauth2 = nullptr;
  };

  Border(std::size_t homes, std::size_t places, std::size_t max_reply_bytes);
  Border(const Border&) = delete;
  Border& operator=(const Border&) = delete;

  const plugboard_host& host() const { return doorway_.host(); }

  // [before the plugin is created]
  void open(const Services& services, std::vector<std::shared_ptr<Mailbox>> mailboxes);

  // When it returns, no thread is inside a service, and none will be again.
  void shut() { doorway_.shut(); }

  // Inside the gate: the plugin completed what was found.
  void completed(const CallTable::Found& found, const plugboard_reply* reply);
  // The same from a worker, or said by the hub in its stead. False: it is no call, or was completed; that is reported.
  bool completed(plugboard_call* handle, Reply reply);
  void threw(plugboard_call* handle); // the plugin's call() did: completes it as failed, unless it is completed

  const Services& services() const { return services_; }

  // Why a call's place is still taken: an answer is to come (async until it came or is no longer awaited), a blocking
  // function has not returned. With the last reason the place is free, and the next in line is told.
  void expect_answer(OpenCall& call, bool blocking);
  void answer_settled(OpenCall& call); // came, or is no longer awaited; more than once is fine
  void release(OpenCall& call);        // one reason less
  void leave();                        // a place is free

  bool send(std::size_t home, Message&& message) { return mailboxes_[home]->send(std::move(message)); }

  CallTable& calls() { return calls_; }

  Turnstile& turnstile() { return turnstile_; }

  const Turnstile& turnstile() const { return turnstile_; }

  std::uint64_t after_end() const { return doorway_.after_end(); } // completions that found the gate shut

 private:
  void report_miss(CallTable::Miss miss) const;

  bool send_answer(const OpenCall& call, const plugboard_reply* reply);

  Doorway& doorway_; // kept for ever
  const std::size_t max_reply_bytes_;
  CallTable calls_;
  Turnstile turnstile_;
  Services services_;
  std::vector<std::shared_ptr<Mailbox>> mailboxes_;
};

} // namespace plugboard::connector
