#include "core/session/lists.hpp"

#include "core/json/reader.hpp"
#include "core/json/writer.hpp"
#include "core/session/columns.hpp"

namespace plugboard::session {
namespace {

// Reads an array of what `read` takes from one element; nothing is let through that is not wholly understood.
template <class T, class Read>
Result<std::vector<T>> list_of(std::string_view text, Read read) {
  json::Reader reader;
  const auto value = reader.read(text);
  bool fits = value && value->is_array();
  std::vector<T> list;
  if (fits) {
    value->each_element([&](json::Value element) {
      std::optional<T> item = read(element);
      fits = fits && item.has_value();
      if (fits) list.push_back(std::move(*item));
    });
  }
  if (!fits) return fail(Code::malformed, "a list in the store is not what the hub wrote", "store");
  return list;
}

} // namespace

std::string to_json(const std::vector<std::string>& texts) {
  std::string out;
  json::Writer writer(out);
  writer.begin_array();
  for (const std::string& text : texts) writer.value(text);
  writer.end_array();
  return out;
}

std::string to_json(const std::vector<Identifier>& identifiers) {
  std::string out;
  json::Writer writer(out);
  writer.begin_array();
  for (const Identifier& identifier : identifiers) {
    writer.begin_object();
    writer.member("type", identifier.type).member("value", identifier.value);
    writer.member("verified", identifier.verified).member("source", identifier.source);
    writer.end_object();
  }
  writer.end_array();
  return out;
}

std::string to_json(const Session& session) {
  std::string out;
  json::Writer writer(out);
  writer.begin_array();
  for (const Authentication& one : session.authentications) {
    writer.begin_object();
    writer.member("assurance", name_of(one.assurance)).key("methods").begin_array();
    for (const std::string& method : one.methods) writer.value(method);
    writer.end_array();
    writer.member("at", std::int64_t{one.at.time_since_epoch().count()});
    writer.member("expires_at", std::int64_t{one.expires_at.time_since_epoch().count()});
    writer.member("before_end", std::int64_t{Duration(session.ends - one.ends).count()});
    writer.member("issuer", one.issuer).member("subject", one.subject);
    writer.member("upstream_session", one.upstream_session);
    writer.end_object();
  }
  writer.end_array();
  return out;
}

Result<std::vector<std::string>> texts_of(std::string_view json) {
  return list_of<std::string>(json, [](json::Value element) -> std::optional<std::string> {
    const auto text = element.string();
    if (!text) return std::nullopt;
    return std::string(*text);
  });
}

Result<std::vector<Identifier>> identifiers_of(std::string_view json) {
  return list_of<Identifier>(json, [](json::Value element) -> std::optional<Identifier> {
    const auto type = element["type"].string(), value = element["value"].string(), source = element["source"].string();
    const auto verified = element["verified"].boolean();
    if (!type || !value || !source || !verified) return std::nullopt;
    return Identifier{std::string(*type), std::string(*value), *verified, std::string(*source)};
  });
}

Result<std::vector<StoredAuthentication>> authentications_of(std::string_view json) {
  return list_of<StoredAuthentication>(json, [](json::Value element) -> std::optional<StoredAuthentication> {
    const auto assurance = parse_assurance(element["assurance"].string().value_or(""));
    const auto at = element["at"].integer(), expires_at = element["expires_at"].integer();
    const auto before_end = element["before_end"].integer();
    const auto issuer = element["issuer"].string(), subject = element["subject"].string();
    const auto upstream_session = element["upstream_session"].string();
    if (!assurance || !at || !expires_at || !before_end || !issuer || !subject || !upstream_session)
      return std::nullopt;
    StoredAuthentication stored;
    stored.authentication.assurance = *assurance;
    element["methods"].each_element(
        [&](json::Value method) { stored.authentication.methods.emplace_back(method.string().value_or("")); });
    stored.authentication.at = WallTime(Duration(*at));
    stored.authentication.expires_at = WallTime(Duration(*expires_at));
    stored.authentication.issuer = *issuer;
    stored.authentication.subject = *subject;
    stored.authentication.upstream_session = *upstream_session;
    stored.before_end = Duration(*before_end);
    return stored;
  });
}

std::string to_json(const Handoff& handoff) {
  std::string out;
  json::Writer writer(out);
  writer.begin_object().member("until", nanoseconds(handoff.until)).member("run", handoff.run);
  writer.member("run_until", nanoseconds(handoff.run_until)).member("client", handoff.from.client);
  writer.member("channel", handoff.from.channel).member("key_id", handoff.from.key_id);
  writer.member("issued_at", nanoseconds(handoff.from.issued_at));
  writer.member("issued_under", static_cast<std::int64_t>(handoff.from.issued_under)).end_object();
  return out;
}

Result<Handoff> handoff_of(std::string_view json) {
  json::Reader reader;
  const auto value = reader.read(json);
  if (!value || !value->is_object()) return fail(Code::malformed, "a hand-off in the store is no object", "store");
  const auto text = [&](std::string_view name) { return std::string((*value)[name].string().value_or("")); };
  const auto number = [&](std::string_view name) { return (*value)[name].integer().value_or(0); };
  Handoff handoff{wall_time(number("until")), text("run"), instant(number("run_until")), {}};
  handoff.from = {text("client"), text("channel"), text("key_id"), wall_time(number("issued_at")),
                  static_cast<std::uint64_t>(number("issued_under"))};
  return handoff;
}

} // namespace plugboard::session
