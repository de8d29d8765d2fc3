// The hub as the plugin sees it from within a worker: the same plugboard_host and services, spoken into the socket.
// Owned by serve(). [any thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/worker/alarms.hpp"
#include "core/worker/errands.hpp"
#include "core/worker/exchanges.hpp"
#include "core/worker/granted_files.hpp"
#include "core/worker/granted_tunnels.hpp"
#include "core/worker/measures.hpp"
#include "core/worker/open_calls.hpp"
#include "core/worker/outbox.hpp"
#include "core/worker/questions.hpp"

#include <plugboard/abi.h>

namespace plugboard::worker {

class Host {
 public:
  Host(const wire::Setup& setup, Inbox& inbox, Outbox& outbox);
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  const plugboard_host& table() const { return door_.host; }

  static Host& of(const plugboard_host* table); // table: one that table() gave out

  OpenCalls& calls() { return calls_; }

  Exchanges& exchanges() { return exchanges_; }

  Questions& questions() { return questions_; }

  GrantedFiles& files() { return files_; }

  const GrantedTunnels& tunnels() const { return tunnels_; }

  const Clock& clock() const { return clock_; }

  Alarms& alarms() { return alarms_; }

  Errands& errands() { return errands_; }

  Measures& measures() { return measures_; }

  void log(std::int32_t level, std::string_view message);
  void complete(plugboard_call* handle, const plugboard_reply* reply);
  std::int32_t secret(std::string_view handle, void* user, void (*receive)(void* user, plugboard_str value));

 private:
  struct Door {
    plugboard_host host; // first: what the plugin's pointer points to
    Host* owner;
  };

  const Door door_;
  const std::size_t max_reply_bytes_;
  Outbox& outbox_;
  OpenCalls calls_;
  Exchanges exchanges_;
  Questions questions_;
  GrantedFiles files_;
  const GrantedTunnels tunnels_;
  const SystemClock clock_;
  Alarms alarms_;
  Errands errands_;
  Measures measures_;
};

plugboard_host make_host_table();

} // namespace plugboard::worker
