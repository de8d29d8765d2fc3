#include "core/api/login_ask.hpp"

#include "core/api/context_ask.hpp"
#include "core/api/guessing.hpp"
#include "core/base/ids.hpp"
#include "core/json/fields.hpp"

namespace plugboard::api {

namespace {

constexpr std::size_t kLongestValue = 256;

void read_asserted(json::Value object, LoginAsk& ask, json::Fields& outer) {
  json::Fields fields(object, "/asserted");
  ask.type = fields.required_string("type");
  ask.value = fields.required_string("value");
  if (fields.ok() && !is_identifier_type(ask.type))
    fields.refuse("type", "must be an identifier's type, such as phone or email");
  if (fields.ok() && !is_plain_text(ask.value, kLongestValue))
    fields.refuse("value", "must be plain text of at most 256 bytes");
  if (auto read = fields.finish(); !read) outer.refuse("asserted", read.error().message);
}

} // namespace

Result<LoginAsk> read_login_ask(json::Value body) {
  json::Fields fields(body, "");
  LoginAsk ask;
  const auto connector = fields.string("connector"), continuing = fields.string("continue");
  const auto asserted = fields.object("asserted");
  const int ways = (connector ? 1 : 0) + (continuing ? 1 : 0) + (asserted ? 1 : 0);
  if (fields.ok() && ways != 1)
    fields.refuse("connector", "say one of three: \"connector\" to begin, \"continue\" to go on, or \"asserted\"");
  if (asserted) {
    ask.kind = LoginAsk::Kind::asserted;
    read_asserted(asserted, ask, fields);
  } else {
    auto credential = fields.object("credential");
    if (!credential)
      fields.refuse("credential", "must be an object: what the connector checks, such as {\"token\": \"…\"}");
    ask.credential = json::to_text(credential);
    ask.source = fields.string("source").value_or("");
    if (!ask.source.empty() && !is_plain_text(ask.source, 64)) fields.refuse("source", kSourceForm);
  }
  if (continuing) {
    ask.kind = LoginAsk::Kind::next_step;
    ask.continuing = *continuing;
  }
  if (connector) {
    ask.connector = *connector;
    const auto session = fields.string("session");
    if (session && session->empty()) fields.refuse("session", "must be a session's token, or be left out");
    ask.session = session.value_or("");
  }
  if (auto read = fields.finish(); !read) return read.error();
  return ask;
}

} // namespace plugboard::api
