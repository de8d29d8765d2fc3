// What is asked of a connector that authenticates, and what it may answer: a proof, one more step for the client to
// take, or neither. Values; views and pointers in requests live until the call is over.
#pragma once

#include "core/base/identifier.hpp"
#include "core/base/result.hpp"
#include "core/connector/outcome.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace plugboard::connector {

struct AuthenticateRequest {
  std::string tenant, language, context_id;
  std::string credential; // a JSON object, read strictly before
  std::string state;      // of the challenge before; empty: the first step
};

struct Proof {
  std::string issuer, subject, assurance;
  std::vector<std::string> methods;
  std::int64_t authenticated_at = 0; // unix seconds
  std::optional<std::int64_t> expires_at;
  std::string session; // the issuer's own name for this login; may be empty
  std::vector<Identifier> identifiers;
  RefusedIdentifiers refused; // what else came as one
};

struct Challenge {
  std::string state;           // the plugin's own, for the next step's request: at most 32 KiB, never the client's
  std::string challenge;       // a JSON object for the client, with "type"
  std::int64_t expires_at = 0; // unix seconds; as late as the plugin wrote it: what holds is the hub's own limit
};

struct Rejected {
  bool credential = false;         // true: the credential proves nothing; false: the plugin or its upstream failed
  Outcome outcome;                 // of a failure
  std::optional<Identifier> tried; // rejected: whom it was tried for; never the client's to know
};

using Step = std::variant<Proof, Challenge>;
using Authenticated = boost::system::result<Step, Rejected>;
using AuthenticateDone = std::function<void(Authenticated)>;

struct LogoutRequest {
  std::string tenant, context_id;
  std::string credential; // {"logout_token": "..."}
};

struct LoggedOut { // whose sessions end: at least one of subject and session says something
  std::string issuer, subject, session;
};

using Logout = boost::system::result<LoggedOut, Rejected>;
using LogoutDone = std::function<void(Logout)>;

} // namespace plugboard::connector
