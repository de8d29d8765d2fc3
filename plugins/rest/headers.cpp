#include "plugins/rest/headers.hpp"

#include <algorithm>
#include <array>

namespace plugboard::rest {

namespace {

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return to_lower(x) == to_lower(y); });
}

bool is_alnum(char c) {
  return (to_lower(c) >= 'a' && to_lower(c) <= 'z') || (c >= '0' && c <= '9');
}

bool is_token(std::string_view name) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !name.empty() &&
         std::all_of(name.begin(), name.end(), [&](char c) { return is_alnum(c) || kMarks.find(c) != kMarks.npos; });
}

// Visible ASCII, spaces and tabs: nothing that ends a line, and nothing whose encoding the other side must guess.
bool is_field_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); });
}

// What frames a message or a connection is the hub's; and it reads answers as they are sent, not compressed.
bool is_the_hubs(std::string_view name) {
  constexpr std::array<std::string_view, 10> kNames{
      "host",    "content-length", "connection", "transfer-encoding", "te",
      "trailer", "upgrade",        "keep-alive", "accept-encoding",   "expect"};
  return std::any_of(kNames.begin(), kNames.end(), [&](auto known) { return same(known, name); });
}

std::string base64(std::string_view bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto left = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) text += k <= left ? kLetters[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

// {"secret": "HANDLE"}, which the hub makes of the operator's {"env": …} or {"file": …}.
std::optional<std::string> handle_of(const Value& value) {
  const auto* handle = value.member("secret");
  bool alone = handle && value.items.size() == 1 && handle->is(Value::Kind::string) && !handle->text.empty();
  return alone ? std::optional(handle->text) : std::nullopt;
}

// Files end with a line break that is not meant.
std::string_view without_line_break(std::string_view secret) {
  while (secret.ends_with('\n') || secret.ends_with('\r')) secret.remove_suffix(1);
  return secret;
}

bool is_language(std::string_view tag) {
  return !tag.empty() && tag.size() <= 35 &&
         std::all_of(tag.begin(), tag.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

} // namespace

bool Headers::has(std::string_view name) const {
  return std::any_of(entries_.begin(), entries_.end(), [&](const auto& entry) { return same(entry.name, name); });
}

void Headers::read(Fields& fields) {
  if (const auto* headers = fields.object("headers"))
    for (std::size_t i = 0; i < headers->items.size(); ++i)
      read_header(headers->names[i], headers->items[i], below(fields.at("headers"), headers->names[i]),
                  fields.problems());
}

void Headers::read_header(const std::string& name, const Value& value, const std::string& at, Problems& problems) {
  if (!is_token(name)) return problems.add(at, "this can't be the name of a header field");
  if (is_the_hubs(name)) return problems.add(at, "the hub sets this header field itself: remove it");
  if (has(name)) return problems.add(at, "this header field is here twice (case does not matter): keep one");
  Entry entry{name, {}, {}, false};
  if (value.is(Value::Kind::string)) {
    entry.prefix = value.text;
  } else if (auto handle = handle_of(value)) {
    entry.secret = *handle;
  } else if (!value.is(Value::Kind::object)) {
    return problems.add(at, "write a string, or where a secret is: {\"env\": \"NAME\"} or {\"file\": \"PATH\"}");
  } else {
    Fields parts(value, at, problems);
    entry.prefix = parts.string("prefix").value_or("");
    const auto* secret = parts.any("value");
    auto inner = secret ? handle_of(*secret) : std::nullopt;
    if (inner) entry.secret = *inner;
    if (!inner) problems.add(parts.at("value"), "say where the secret is, {\"env\": \"NAME\"} or {\"file\": \"PATH\"}");
    parts.all_read();
  }
  if (!is_field_value(entry.prefix))
    problems.add(at, "only printable ASCII can stand in a header field: remove line breaks and other characters");
  entries_.push_back(std::move(entry));
}

void Headers::read_basic(Fields& fields) {
  const auto* basic = fields.object("basic");
  if (!basic) return;
  Fields parts(*basic, fields.at("basic"), fields.problems());
  auto user = parts.string("user");
  const auto* password = parts.any("password");
  auto handle = password ? handle_of(*password) : std::nullopt;
  parts.all_read();
  if (!user || user->find(':') != user->npos || !is_field_value(*user))
    fields.problems().add(parts.at("user"), "write the user's name, without a colon");
  if (!handle)
    fields.problems().add(parts.at("password"), "say where it is, {\"env\": \"NAME\"} or {\"file\": \"PATH\"}");
  if (has("Authorization"))
    fields.problems().add(fields.at("basic"), "there is an Authorization header too: keep one of the two");
  if (user && handle) entries_.push_back({"Authorization", *user + ":", *handle, true});
}

Headers Headers::over(const Headers& defaults) const {
  Headers all = *this;
  for (const auto& entry : defaults.entries_)
    if (!has(entry.name)) all.entries_.push_back(entry);
  return all;
}

std::string_view Headers::append_secret(const Host& host, const Entry& entry, std::string& value) {
  if (entry.secret.empty()) return {};
  std::string_view why = "is not there";
  auto receive = [&](std::string_view secret) {
    secret = without_line_break(secret);
    bool sound = entry.basic || is_field_value(secret); // base64 takes any byte
    if (!sound)
      why = "holds line breaks or other characters that no header can carry";
    else if (secret.empty() && !entry.basic)
      why = "is empty";
    else
      why = {}, value += secret;
  };
  if (!host.with_secret(entry.secret, receive)) return "is not there";
  return why;
}

Result<MadeHeaders> Headers::make(const Host& host, const Request& request, bool has_body) const {
  MadeHeaders made;
  made.all_.reserve(entries_.size() + 5);
  made.own_.reserve(entries_.size());
  for (const auto& entry : entries_) {
    if (entry.secret.empty() && !entry.basic) {
      made.all_.push_back({entry.name, entry.prefix});
      continue;
    }
    std::string value = entry.prefix;
    if (auto why = append_secret(host, entry, value); !why.empty())
      return Failure{Status::failed, "the secret for the header field " + entry.name + " " + std::string(why)};
    made.own_.push_back(entry.basic ? "Basic " + base64(value) : std::move(value));
    made.all_.push_back({entry.name, made.own_.back()});
  }
  auto add = [&](const char* name, std::string_view value) {
    if (!has(name)) made.all_.push_back({name, value});
  };
  add("Accept", "application/json");
  add("User-Agent", "plugboard-rest/1.0");
  if (is_language(request.language())) add("Accept-Language", request.language());
  if (has_body) add("Content-Type", "application/json");
  return made;
}

} // namespace plugboard::rest
