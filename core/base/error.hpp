// What went wrong, as a value. Every floor returns it; only api/problem.cpp turns it into HTTP, only context/ into a
// section's status. Message: for an operator, names the thing by the user's own name, never a credential or payload.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard {

enum class Code : std::uint8_t {
  invalid_argument = 1, // the caller's input is not what it must be
  malformed,            // bytes that are not what they claim to be (JSON, token, ELF)
  too_large,
  not_found,
  conflict,
  denied,
  unauthenticated,
  timeout,
  cancelled,
  unreachable, // nobody answered: DNS, connect, TLS
  unavailable, // not now: stopping, starting, store down
  overloaded,
  io,       // the system refused: disk, socket
  internal, // our own fault
};

std::string_view name_of(Code code);

struct Error {
  Code code = Code::internal;
  std::string message; // for an operator
  std::string origin;  // where: "connector crm", "/connectors/crm/plugin", "store"; may be empty
};

std::string to_string(const Error& error);

} // namespace plugboard
