#include "core/connector/examine.hpp"
#include "core/json/fields.hpp"

#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostName = 512; // bytes of an issuer, a subject or a session

Result<LoggedOut> read_logged_out(json::Value value) {
  json::Fields fields(value, "");
  LoggedOut logout;
  logout.issuer = fields.required_string("issuer");
  logout.subject = fields.string("subject").value_or("");
  logout.session = fields.string("session").value_or("");
  if (fields.ok() && logout.subject.empty() && logout.session.empty())
    fields.refuse("subject", "or \"session\" must say whose login is over");
  if (fields.ok() &&
      (logout.issuer.size() > kMostName || logout.subject.size() > kMostName || logout.session.size() > kMostName))
    fields.refuse("subject", "is too long");
  if (auto finished = fields.finish(); !finished) return finished.error();
  return logout;
}

} // namespace

Logout examine_logout(Reply reply, json::Reader& reader, std::string& why) {
  why = reply.garbage;
  if (auto rejected = refusal_of(reply)) return std::move(*rejected);
  if (reply.status != PLUGBOARD_OK) return broken_answer("the plugin asked for one more step of a logout");
  const auto value = reader.read(reply.data);
  if (!value || !value->is_object()) {
    why = value ? "not a JSON object" : value.error().message;
    return broken_answer("what is logged out is not a strict JSON object");
  }
  auto logout = read_logged_out(*value);
  if (!logout) {
    why = logout.error().message;
    return broken_answer("what is logged out is not what abi.h demands: " + logout.error().message);
  }
  return std::move(*logout);
}

} // namespace plugboard::connector
