// What a connector written in C++ reads and answers. Values; the ABI's borrowed views become string_views that live as
// long as the call.
#pragma once

#if __cplusplus < 202002L
#error "the C++ part of the plugboard SDK needs C++20; <plugboard/abi.h> alone needs only C11 or C++11"
#endif

#include <plugboard/abi.h>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace plugboard {

inline std::string_view view(plugboard_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

inline plugboard_str str(std::string_view text) {
  return {text.data(), text.size()};
}

// One fact that names the customer, as the hub hands it over.
struct Identifier {
  std::string_view type, value, source;
  bool verified = false;
};

// Of a section that is computed from others: one of those, as the hub hands it over.
struct Input {
  std::string_view name, data;     // as the manifest calls it; a JSON object of its shape
  std::chrono::nanoseconds age{0}; // how old it was when it came
  bool stale = false;              // its system failed, and this is what it said before
};

// One fact that this call found out. type must be declared under `yields` (lookup) or `identifiers` (authenticate).
struct Yield {
  std::string type{}, value{};
  bool verified = false;
};

enum class Status : std::int32_t {
  ok = PLUGBOARD_OK,
  not_found = PLUGBOARD_NOT_FOUND,
  ambiguous = PLUGBOARD_AMBIGUOUS,
  rejected = PLUGBOARD_REJECTED,
  challenged = PLUGBOARD_CONTINUE, // what the testkit says of a Challenge; a Failure never has it
  timeout = PLUGBOARD_TIMEOUT,
  upstream_refused = PLUGBOARD_UPSTREAM_REFUSED,
  upstream_unauthorized = PLUGBOARD_UPSTREAM_UNAUTHORIZED,
  upstream_rate_limited = PLUGBOARD_UPSTREAM_RATE_LIMITED,
  upstream_failed = PLUGBOARD_UPSTREAM_FAILED,
  upstream_malformed = PLUGBOARD_UPSTREAM_MALFORMED,
  unreachable = PLUGBOARD_UNREACHABLE,
  egress_denied = PLUGBOARD_EGRESS_DENIED,
  too_large = PLUGBOARD_TOO_LARGE,
  busy = PLUGBOARD_BUSY,
  conflict = PLUGBOARD_CONFLICT,
  failed = PLUGBOARD_FAILED,
  internal = PLUGBOARD_INTERNAL,
  abandoned = PLUGBOARD_ABANDONED,
  unsupported = PLUGBOARD_UNSUPPORTED,
  cancelled = PLUGBOARD_CANCELLED,
};

// Why there is no answer. message: for the operator, never a credential or payload.
struct Failure {
  Status status = Status::failed;
  std::string message{};
  std::chrono::nanoseconds retry_after{0}; // upstream_rate_limited, busy: 0 when unknown
  std::optional<Yield> tried{}; // rejected: whom it was tried for, of a declared type; the client never sees it
};

// lookup: what this system knows of the customer, and what else it is known by. derive: what was computed, no yields.
struct Section {
  std::string data{}; // a JSON object that follows the section's shape
  std::vector<Yield> yields{};
  bool verbatim = false; // data is an upstream's own text, unread: when it is no JSON, the upstream is to blame
};

// The same of an upstream's own text, which the hub copies while it is told: verbatim, and nobody else's.
struct PassedOn {
  std::string_view data{};
};

// authenticate: who it is and how well that was proved.
struct Proof {
  std::string issuer, subject; // with the tenant they name the customer for good
  std::string assurance = "aal1";
  std::vector<std::string> methods;
  std::int64_t authenticated_at = 0;      // unix seconds
  std::optional<std::int64_t> expires_at; // the session shall not outlive it
  std::vector<Yield> identifiers;
  std::string session{}; // the issuer's own name for this login ("sid"), which a logout may name; may be empty
};

// authenticate: so far so good, the client must do something more. Its next credential comes with the state.
struct Challenge {
  std::string state;     // for this connector's eyes, at most 32 KiB: the hub keeps it encrypted, gives it once
  std::string challenge; // a JSON object for the client: {"type": "redirect", "url": ...} or {"type": "code", ...}
  std::int64_t expires_at = 0; // unix seconds; the hub may forget earlier
};

// What one step of an authentication comes to. A Failure with `rejected` ends it too.
using Step = std::variant<Proof, Challenge>;

// logout: whose sessions end. One of subject and session may be empty.
struct LoggedOut {
  std::string issuer, subject, session;
};

// export: all that the system holds about the customer, for whoever it is about.
struct SubjectData {
  std::string data{};    // a JSON object, of whatever members
  bool verbatim = false; // data is an upstream's own text, unread: when it is no JSON, the upstream is to blame
};

// erase: what the law demands to keep.
struct KeptRecords {
  std::string what, why; // for people: "invoices of the last ten years", "tax law"; at most 512 bytes each
};

// erase: what is gone, and what is not.
struct Erased {
  std::uint64_t records = 0; // none: there was nothing left to erase
  std::vector<KeptRecords> kept{};
};

// health: it can do what it is there for. When it can't, a Failure says why, and what the operator does about it.
struct Healthy {};

// Either an answer or the reason why there is none.
template <class T>
class Result {
 public:
  Result(T value) : state_(std::move(value)) {}

  // Of what becomes a T by itself: a Proof is a Step.
  template <std::convertible_to<T> U>
  Result(U&& value) : state_(std::in_place_index<0>, std::forward<U>(value)) {}

  template <std::convertible_to<T> U>
  Result(Result<U> other)
      : state_(other ? State(std::in_place_index<0>, std::move(*other))
                     : State(std::in_place_index<1>, other.failure())) {}

  Result(Failure failure) : state_(std::move(failure)) {}

  explicit operator bool() const { return std::holds_alternative<T>(state_); }

  T& operator*() { return std::get<T>(state_); }

  const T& operator*() const { return std::get<T>(state_); }

  T* operator->() { return &std::get<T>(state_); }

  const T* operator->() const { return &std::get<T>(state_); }

  const Failure& failure() const { return std::get<Failure>(state_); }

 private:
  using State = std::variant<T, Failure>;

  State state_;
};

} // namespace plugboard
