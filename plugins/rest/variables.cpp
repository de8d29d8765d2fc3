#include "plugins/rest/variables.hpp"

#include <algorithm>

namespace plugboard::rest {

namespace {

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(std::string_view word) {
  return !word.empty() && is_lower(word[0]) &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '_'; });
}

// "email", "crm.rep"; ".rep" is the connector's own.
bool is_identifier_type(std::string_view type) {
  auto dot = type.find('.');
  if (dot == type.npos) return is_word(type);
  return (dot == 0 || is_word(type.substr(0, dot))) && is_word(type.substr(dot + 1));
}

bool is_param_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '-';
  });
}

// The hub writes a connector's own identifiers with its name in front, which the plugin does not know.
bool is_type(std::string_view asked, std::string_view type) {
  return asked == type || (asked[0] == '.' && type.size() > asked.size() && type.ends_with(asked));
}

} // namespace

std::optional<Variable> Variable::parse(std::string_view text) {
  constexpr std::string_view kParams = "params.";
  if (text == "language") return Variable{Source::language, {}};
  if (text == "tenant") return Variable{Source::tenant, {}};
  if (text.starts_with(kParams)) {
    text.remove_prefix(kParams.size());
    return is_param_name(text) ? std::optional(Variable{Source::param, std::string(text)}) : std::nullopt;
  }
  return is_identifier_type(text) ? std::optional(Variable{Source::identifier, std::string(text)}) : std::nullopt;
}

std::string Variable::written() const {
  switch (source) {
  case Source::identifier:
    return "{" + name + "}";
  case Source::param:
    return "{params." + name + "}";
  case Source::language:
    return "{language}";
  case Source::tenant:
    return "{tenant}";
  }
  return {};
}

std::optional<Variable> Vocabulary::read(std::string_view between_braces, std::string_view at,
                                         Problems& problems) const {
  auto variable = Variable::parse(between_braces);
  auto written = "{" + std::string(between_braces) + "}";
  if (!variable) {
    problems.add(at, written + " names nothing: write an identifier ({email}), {params.NAME}, {language} or {tenant}");
    return std::nullopt;
  }
  bool is_identifier = variable->source == Variable::Source::identifier;
  if (is_identifier && std::find(identifiers.begin(), identifiers.end(), variable->name) == identifiers.end())
    problems.add(at, written + " is no identifier that the section's \"needs\" name: add it there, or correct it");
  return variable;
}

Result<Variables> Variables::of(const Request& request) {
  if (request.params().empty() || request.params() == "{}") return Variables(request, Value::of_object());
  auto params = read_json(request.params(), 1); // templates name scalars alone
  if (!params || !params->is(Value::Kind::object)) return Failure{Status::failed, "the parameters are no JSON object"};
  return Variables(request, std::move(*params));
}

Result<const Value*> Variables::param(const Variable& variable) const {
  const auto* param = params_.member(variable.name);
  if (!param || param->is(Value::Kind::null)) return nullptr;
  if (param->is_scalar()) return param;
  return Failure{Status::failed, variable.written() + " must be a string, a number or true or false"};
}

std::string_view Variables::of_call(const Variable& variable) const {
  if (variable.source == Variable::Source::language) return request_->language();
  if (variable.source == Variable::Source::tenant) return request_->tenant();
  for (std::size_t i = 0; i < request_->identifier_count(); ++i)
    if (auto known = request_->identifier(i); is_type(variable.name, known.type)) return known.value;
  return {};
}

Result<std::optional<Value>> Variables::find(const Variable& variable) const {
  std::optional<Value> none;
  if (variable.source == Variable::Source::param) {
    auto given = param(variable);
    if (!given) return given.failure();
    return *given ? std::optional(**given) : none;
  }
  auto text = of_call(variable);
  return text.empty() ? none : Value::of_string(std::string(text));
}

Result<std::optional<std::string_view>> Variables::text(const Variable& variable) const {
  std::optional<std::string_view> none;
  if (variable.source == Variable::Source::param) {
    auto given = param(variable);
    if (!given) return given.failure();
    return *given ? std::optional((*given)->scalar_text()) : none;
  }
  auto text = of_call(variable);
  return text.empty() ? none : std::optional(text);
}

} // namespace plugboard::rest
