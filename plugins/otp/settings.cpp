#include "plugins/otp/settings.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace otp {
namespace {

constexpr std::array<std::string_view, 3> kOwnMachine{"http://127.0.0.1", "http://[::1]", "http://localhost"};

[[noreturn]] void fail(const std::string& where, const std::string& what) {
  throw std::invalid_argument("config" + where + ": " + what);
}

std::string text(const Value& object, const char* name, const std::string& at) {
  const auto* value = member(object, name);
  if (!value) return {};
  if (!value->IsString() || value->GetStringLength() == 0) fail(at + "/" + name, "must be text");
  return std::string(text_of(*value));
}

std::string handle(const Value& object, const char* name, const std::string& at) {
  const auto* value = member(object, name);
  if (!value) return {};
  const auto found = text_member(*value, "secret");
  if (!found) fail(at + "/" + name, "must be a secret: {\"env\": \"NAME\"} or {\"file\": \"PATH\"}");
  return std::string(*found);
}

template <class Number>
void number(const Value& object, const char* name, const std::string& at, std::int64_t least, std::int64_t most,
            Number& into) {
  const auto* value = member(object, name);
  if (!value) return;
  if (!value->IsInt64() || value->GetInt64() < least || value->GetInt64() > most)
    fail(at + "/" + name, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  into = static_cast<Number>(value->GetInt64());
}

// In the clear only to this machine: whoever reads the message has the code.
bool is_safe(std::string_view url) {
  if (url.starts_with("https://")) return url.size() > 8;
  return std::any_of(kOwnMachine.begin(), kOwnMachine.end(), [&](std::string_view own) {
    return url.starts_with(own) && (url.size() == own.size() || url[own.size()] == ':' || url[own.size()] == '/');
  });
}

std::string url(const Value& object, const std::string& at) {
  auto found = text(object, "url", at);
  if (!found.empty() && !is_safe(found))
    fail(at + "/url", "must begin with https:// (http:// only to 127.0.0.1, [::1] or localhost)");
  return found;
}

Kind kind_of(const std::string& type, const Value& object, const std::string& at) {
  const auto said = text(object, "kind", at);
  const auto& name = said.empty() ? type : said;
  if (name == "phone") return Kind::phone;
  if (name == "email") return Kind::email;
  fail(at + "/kind",
       said.empty() ? "is missing: say whether it is a \"phone\" or an \"email\"" : "must be \"phone\" or \"email\"");
}

std::vector<std::string> prefixes(const Value& object, Kind kind, const std::string& at) {
  const auto* value = member(object, "prefixes");
  if (!value) return {};
  if (kind != Kind::phone) fail(at + "/prefixes", "is for phones only");
  if (!value->IsArray() || value->Empty()) fail(at + "/prefixes", R"(must be a list such as ["+46", "+47"])");
  std::vector<std::string> all;
  for (const auto& each : value->GetArray()) {
    const auto prefix = each.IsString() ? text_of(each) : std::string_view();
    const bool sound = prefix.size() > 1 && prefix.front() == '+' &&
                       std::all_of(prefix.begin() + 1, prefix.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!sound) fail(at + "/prefixes/" + std::to_string(all.size()), "must be \"+\" and digits, such as \"+46\"");
    all.emplace_back(prefix);
  }
  return all;
}

RecipientSettings recipient(const std::string& type, const Value& object, const RecipientSettings& usual,
                            const std::string& at) {
  if (!object.IsObject()) fail(at, "must be an object; {} when there is nothing to say");
  auto settings = usual;
  settings.kind = kind_of(type, object, at);
  settings.prefixes = prefixes(object, settings.kind, at);
  if (auto own = url(object, at); !own.empty()) settings.url = std::move(own);
  if (const auto* body = member(object, "body")) settings.body = BodyTemplate::read(*body, "config" + at + "/body");
  if (settings.url.empty()) fail("/sender/url", "is missing: where messages for \"" + type + "\" are taken");
  return settings;
}

void read_sender(const Value& config, Settings& settings, RecipientSettings& usual) {
  const auto* sender = member(config, "sender");
  if (!sender || !sender->IsObject()) fail("/sender", "is missing: who sends the codes to customers");
  settings.secret = handle(*sender, "secret", "/sender");
  if (settings.secret.empty()) fail("/sender/secret", "is missing: the messages are signed with it");
  settings.authorization = handle(*sender, "authorization", "/sender");
  usual.url = url(*sender, "/sender");
  if (const auto* body = member(*sender, "body")) usual.body = BodyTemplate::read(*body, "config/sender/body");
}

void read_recipients(const Value& config, const RecipientSettings& usual, Settings& settings) {
  const auto* all = member(config, "recipients");
  if (!all || !all->IsObject() || all->ObjectEmpty())
    fail("/recipients", R"(must say to what codes are sent: {"phone": {}, "email": {}})");
  for (const auto& each : all->GetObject()) {
    const std::string type(text_of(each.name));
    if (type == "code" || type == "resend") fail("/recipients/" + type, "is what later steps are called");
    settings.recipients.emplace(type, recipient(type, each.value, usual, "/recipients/" + type));
  }
}

void read_numbers(const Value& config, Settings& settings) {
  const Document none(rapidjson::kObjectType);
  const auto part = [&](const char* name) -> const Value& {
    const auto* found = member(config, name);
    if (found && !found->IsObject()) fail("/" + std::string(name), "must be an object");
    return found ? *found : none;
  };
  const auto& code = part("code");
  number(code, "digits", "/code", 6, 8, settings.digits);
  number(code, "lifetime_s", "/code", 30, 600, settings.lifetime_s);
  number(code, "attempts", "/code", 1, 10, settings.attempts);
  const auto& resend = part("resend");
  number(resend, "times", "/resend", 0, 10, settings.resends);
  number(resend, "after_s", "/resend", 0, 600, settings.resend_after_s);
  const auto& limits = part("limits");
  number(limits, "per_recipient_per_hour", "/limits", 1, 1000, settings.per_recipient_per_hour);
  number(limits, "per_recipient_per_day", "/limits", 1, 10'000, settings.per_recipient_per_day);
  number(limits, "per_hour", "/limits", 1, 100'000, settings.per_hour);
}

} // namespace

Settings read_settings(std::string_view config) {
  const auto read = read_object(config);
  if (!read) fail("", "is not a JSON object");
  Settings settings;
  RecipientSettings usual;
  settings.issuer = text(*read, "issuer", "");
  if (settings.issuer.empty()) fail("/issuer", "is missing: under which name this connector vouches for customers");
  read_sender(*read, settings, usual);
  read_recipients(*read, usual, settings);
  settings.subject_key = handle(*read, "subject_key", "");
  read_numbers(*read, settings);
  if (auto level = text(*read, "assurance", ""); !level.empty()) settings.assurance = std::move(level);
  if (settings.assurance != "aal1" && settings.assurance != "aal2") fail("/assurance", "must be \"aal1\" or \"aal2\"");
  return settings;
}

} // namespace otp
