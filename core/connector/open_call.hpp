// One call under way. Owned by the hub and shared: by its desk until it is over, by the handle that the plugin holds
// until it is completed, by the thread of a blocking plugin until that returns. The last owner may be a plugin's thread
// long after the io_context is gone, so it owns no Asio object.
#pragma once

#include "core/connector/connector.hpp"

#include <plugboard/abi.h>

#include <atomic>
#include <cstdint>
#include <variant>
#include <vector>

namespace plugboard::connector {

using LookupDone = std::function<void(Outcome)>;

class OpenCall {
 public:
  // Asks to look the section up or, where it is computed from others, to derive it.
  OpenCall(LookupRequest lookup, const SectionSpec& section, LookupDone done);
  OpenCall(AuthenticateRequest authenticate, AuthenticateDone done);
  OpenCall(LogoutRequest logout, LogoutDone done);
  OpenCall(SubjectRequest subject, SubjectDone done);
  explicit OpenCall(HealthDone done);
  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

  // Null: it is another operation.
  const LookupRequest* lookup() const { return std::get_if<LookupRequest>(&asked_); }

  bool is_logout() const { return std::holds_alternative<LogoutRequest>(asked_); }

  bool is_health() const { return std::holds_alternative<OfNobody>(asked_); }

  const TraceContext* trace() const; // which it is part of; null: none that is known

  const SubjectRequest* subject() const { return std::get_if<SubjectRequest>(&asked_); }

  // The views in it live as long as this object. [read-only once the plugin was called]
  plugboard_request request{};

  // Set before the plugin sees the call, then read-only.
  Connector::CallId id = 0;
  std::size_t home = 0; // index
  Deadline until = Deadline::never();
  Reason on_timeout = Reason::deadline; // which limit `until` is
  Instant started{};
  plugboard_call* handle = nullptr; // null: the plugin was not called yet

  // [any thread]
  std::atomic<bool> over = false;        // nobody waits for the answer any more
  std::atomic<bool> answer_held = false; // the place at the turnstile is held for an answer to come
  std::atomic<int> holds = 0;            // reasons why the place is still taken; see Border::release

  // [the home's thread]
  std::uint64_t ticket = 0;             // while it waits at the turnstile
  std::vector<std::uint64_t> exchanges; // HTTP on its behalf
  std::vector<std::uint64_t> alarms;    // pauses on its behalf
  std::vector<std::uint64_t> errands;   // what else is under way on its behalf
  Duration held{};                      // the longest that an upstream is to be left alone yet, of those it asked
  std::variant<LookupDone, AuthenticateDone, LogoutDone, SubjectDone, HealthDone>
      on_answer; // of the operation; empty once it ran, or never will

 private:
  struct OfNobody {}; // a check of health

  void put_identifiers(const std::vector<Identifier>& identifiers); // views of them

  std::variant<LookupRequest, AuthenticateRequest, LogoutRequest, SubjectRequest, OfNobody> asked_;
  std::string section_; // lookup: the section's own name
  std::vector<plugboard_identifier> identifiers_;
  std::vector<plugboard_input> inputs_;
};

} // namespace plugboard::connector
