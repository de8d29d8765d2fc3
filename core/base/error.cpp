#include "core/base/error.hpp"

namespace plugboard {

std::string_view name_of(Code code) {
  switch (code) {
  case Code::invalid_argument:
    return "invalid_argument";
  case Code::malformed:
    return "malformed";
  case Code::too_large:
    return "too_large";
  case Code::not_found:
    return "not_found";
  case Code::conflict:
    return "conflict";
  case Code::denied:
    return "denied";
  case Code::unauthenticated:
    return "unauthenticated";
  case Code::timeout:
    return "timeout";
  case Code::cancelled:
    return "cancelled";
  case Code::unreachable:
    return "unreachable";
  case Code::unavailable:
    return "unavailable";
  case Code::overloaded:
    return "overloaded";
  case Code::io:
    return "io";
  case Code::internal:
    return "internal";
  }
  return "unknown";
}

std::string to_string(const Error& error) {
  std::string text;
  if (!error.origin.empty()) text.append(error.origin).append(": ");
  return text.append(error.message).append(" (").append(name_of(error.code)).append(")");
}

} // namespace plugboard
