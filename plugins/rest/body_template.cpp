#include "plugins/rest/body_template.hpp"

#include <algorithm>

namespace plugboard::rest {

namespace {

// What stands between the braces of "{customer_id}"; nothing for other strings. "{me}" is meant as a variable and
// checked as one; "{ me }" and "{user(id: 1)}" are not.
std::optional<std::string_view> between_braces(const Value& value) {
  if (!value.is(Value::Kind::string) || value.text.size() < 3) return std::nullopt;
  std::string_view text = value.text;
  if (text.front() != '{' || text.back() != '}') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '-';
  });
  return plain ? std::optional(text) : std::nullopt;
}

void check(const Value& value, const Vocabulary& vocabulary, const std::string& at, Problems& problems) {
  if (auto name = between_braces(value)) static_cast<void>(vocabulary.read(*name, at, problems));
  for (std::size_t i = 0; i < value.items.size(); ++i)
    check(value.items[i], vocabulary, below(at, value.names.empty() ? std::to_string(i) : value.names[i]), problems);
}

Result<std::optional<Value>> fill(const Value& from, const Variables& variables) {
  if (auto name = between_braces(from)) return variables.find(*Variable::parse(*name));
  if (!from.is(Value::Kind::array) && !from.is(Value::Kind::object)) return std::optional(from);
  Value filled{from.kind, false, {}, {}, {}};
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    auto item = fill(from.items[i], variables);
    if (!item) return item.failure();
    if (!*item) continue;
    if (from.is(Value::Kind::object)) filled.names.push_back(from.names[i]);
    filled.items.push_back(std::move(**item));
  }
  return std::optional(std::move(filled));
}

void collect(const Value& value, std::vector<std::string>& found) {
  if (auto name = between_braces(value)) {
    auto variable = Variable::parse(*name);
    if (variable && variable->source == Variable::Source::identifier) found.push_back(variable->name);
  }
  for (const auto& item : value.items) collect(item, found);
}

} // namespace

BodyTemplate BodyTemplate::read(const Value& config, const Vocabulary& vocabulary, std::string_view at,
                                Problems& problems) {
  check(config, vocabulary, std::string(at), problems);
  return BodyTemplate(config);
}

Result<std::string> BodyTemplate::expand(const Variables& variables) const {
  auto filled = fill(body_, variables);
  if (!filled) return filled.failure();
  if (!*filled) return Failure{Status::failed, "the whole body is one variable, and it has no value"};
  return write_json(**filled);
}

std::vector<std::string> BodyTemplate::identifiers() const {
  std::vector<std::string> found;
  collect(body_, found);
  return found;
}

} // namespace plugboard::rest
