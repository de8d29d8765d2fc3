#include "core/json/schema_lint.hpp"

#include "core/json/document.hpp"
#include "core/json/pointer.hpp"
#include "core/json/suggestion.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <vector>

namespace plugboard::json {
namespace {

constexpr std::string_view kDialect = "https://json-schema.org/draft/2020-12/schema";
constexpr std::string_view kDefinitions = "#/$defs/";

enum class Takes : std::uint8_t {
  annotation = 1, // anything: says something to people or to us, enforces nothing
  type,
  text,
  pattern,
  format,
  boolean,
  count,
  number,
  texts,
  value,
  values,
  schema,
  schemas,
  schema_map,
  pattern_map,
  definitions,
  reference,
  dialect,
};

struct Keyword {
  std::string_view name;
  Takes takes;
  bool in_place = false; // its schemas are applied to the same value, so that a cycle through it never ends
};

// Not among them although valijson knows it: multipleOf, for which it cuts 0.5 down to 0.
constexpr std::array kKeywords = {
    Keyword{"$schema", Takes::dialect},
    Keyword{"$id", Takes::text},
    Keyword{"$comment", Takes::annotation},
    Keyword{"$defs", Takes::definitions},
    Keyword{"$ref", Takes::reference, true},
    Keyword{"title", Takes::text},
    Keyword{"description", Takes::text},
    Keyword{"default", Takes::annotation},
    Keyword{"examples", Takes::annotation},
    Keyword{"deprecated", Takes::annotation},
    Keyword{"readOnly", Takes::annotation},
    Keyword{"writeOnly", Takes::annotation},
    Keyword{"type", Takes::type},
    Keyword{"enum", Takes::values},
    Keyword{"const", Takes::value},
    Keyword{"properties", Takes::schema_map},
    Keyword{"patternProperties", Takes::pattern_map},
    Keyword{"additionalProperties", Takes::schema},
    Keyword{"propertyNames", Takes::schema},
    Keyword{"required", Takes::texts},
    Keyword{"minProperties", Takes::count},
    Keyword{"maxProperties", Takes::count},
    Keyword{"items", Takes::schema},
    Keyword{"contains", Takes::schema},
    Keyword{"minItems", Takes::count},
    Keyword{"maxItems", Takes::count},
    Keyword{"uniqueItems", Takes::boolean},
    Keyword{"minLength", Takes::count},
    Keyword{"maxLength", Takes::count},
    Keyword{"pattern", Takes::pattern},
    Keyword{"format", Takes::format},
    Keyword{"minimum", Takes::number},
    Keyword{"maximum", Takes::number},
    Keyword{"exclusiveMinimum", Takes::number},
    Keyword{"exclusiveMaximum", Takes::number},
    Keyword{"allOf", Takes::schemas, true},
    Keyword{"anyOf", Takes::schemas, true},
    Keyword{"oneOf", Takes::schemas, true},
    Keyword{"not", Takes::schema, true},
    Keyword{"if", Takes::schema, true},
    Keyword{"then", Takes::schema, true},
    Keyword{"else", Takes::schema, true},
};

const Keyword* keyword_of(std::string_view name) {
  const auto* found =
      std::find_if(kKeywords.begin(), kKeywords.end(), [&](const Keyword& k) { return k.name == name; });
  return found == kKeywords.end() ? nullptr : found;
}

bool is_annotation(std::string_view name) {
  const Keyword* keyword = keyword_of(name);
  return name.starts_with("x-") || name == "$defs" || name == "$schema" || name == "$id" || name == "title" ||
         name == "description" || (keyword != nullptr && keyword->takes == Takes::annotation);
}

bool is_type_name(const TreeValue& value) {
  static constexpr std::array<std::string_view, 7> kTypes = {"null",   "boolean", "integer", "number",
                                                             "string", "array",   "object"};
  return std::find(kTypes.begin(), kTypes.end(), text_of(value)) != kTypes.end();
}

bool all_of(const TreeValue& value, bool (*fits)(const TreeValue&)) {
  return value.IsArray() && !value.Empty() && std::all_of(value.Begin(), value.End(), fits);
}

bool is_text(const TreeValue& value) {
  return value.IsString();
}

bool is_enforced_format(std::string_view format) {
  return format == "date" || format == "time" || format == "date-time";
}

std::optional<std::string> bad_pattern(std::string_view pattern) {
  try { // std::regex has no other way to say that a pattern is none
    const std::regex tried{std::string(pattern)};
    return std::nullopt;
  } catch (const std::regex_error& error) {
    return error.what();
  }
}

// By number: comparing RapidJSON's non-const iterators is ambiguous in C++20.
template <class F>
void each_value(TreeValue& object, F&& f) {
  for (rapidjson::SizeType i = 0; i < object.MemberCount(); ++i) {
    auto& entry = *(object.MemberBegin() + static_cast<std::ptrdiff_t>(i));
    f(text_of(entry.name), entry.value);
  }
}

class Lint {
 public:
  explicit Lint(const TreeValue& root) : root_(root) {}

  Result<void> run() {
    schema(root_, "");
    if (!fault_) cycles();
    if (fault_) return *fault_;
    return {};
  }

 private:
  void refuse(const std::string& pointer, std::string_view why) {
    if (!fault_) fault_ = fail(Code::invalid_argument, (pointer.empty() ? "" : pointer + ": ") + std::string(why));
  }

  void schema(const TreeValue& value, const std::string& pointer) {
    if (value.IsBool()) return;
    if (!value.IsObject()) return refuse(pointer, "a schema must be an object, true or false");
    schemas_.push_back(&value);
    const bool refers = member(value, "$ref") != nullptr;
    for (const auto& entry : value.GetObject()) {
      const std::string_view name = text_of(entry.name);
      const std::string at = pointer_append(pointer, name);
      const Keyword* known = keyword_of(name);
      if (name.starts_with("x-")) continue;
      if (known == nullptr)
        refuse(at, unknown_keyword(name));
      else if (refers && name != "$ref" && !is_annotation(name))
        refuse(at, "stands beside $ref; put both into allOf");
      else
        keyword(*known, entry.value, at);
    }
    if ((member(value, "then") != nullptr || member(value, "else") != nullptr) && member(value, "if") == nullptr) {
      refuse(pointer, "then and else mean nothing without if");
    }
  }

  static std::string unknown_keyword(std::string_view name) {
    std::vector<std::string_view> names;
    for (const Keyword& keyword : kKeywords) names.push_back(keyword.name);
    std::string why = "this keyword is not enforced here, so it may not be used";
    if (const auto meant = nearest(name, names)) why.append("; did you mean \"").append(*meant).append("\"?");
    return why;
  }

  void keyword(const Keyword& known, const TreeValue& value, const std::string& at) {
    switch (known.takes) {
    case Takes::schema:
      return schema(value, at);
    case Takes::schemas:
      return each_element(value, at);
    case Takes::schema_map:
      return each_member(value, at, false);
    case Takes::pattern_map:
      return each_member(value, at, true);
    case Takes::definitions:
      if (&value != member(root_, "$defs")) return refuse(at, "must stand in the schema's root");
      return each_member(value, at, false);
    case Takes::pattern:
      if (!value.IsString()) return refuse(at, "must be a string");
      return pattern(text_of(value), at);
    case Takes::reference:
      if (resolve(root_, value) == nullptr) refuse(at, "must name a schema that is there, such as #/$defs/name");
      return;
    default:
      if (const std::string_view want = scalar_fault(known.takes, value); !want.empty()) refuse(at, want);
    }
  }

  // What the value of a keyword without schemas in it must be; empty when it is.
  static std::string_view scalar_fault(Takes takes, const TreeValue& value) {
    switch (takes) {
    case Takes::type:
      if (is_type_name(value) || all_of(value, is_type_name)) return {};
      return "must be a type's name or a list of them: null, boolean, integer, number, string, array, object";
    case Takes::text:
      return value.IsString() ? "" : "must be a string";
    case Takes::format:
      return is_enforced_format(text_of(value)) ? "" : "only date, time and date-time are enforced here";
    case Takes::boolean:
      return value.IsBool() ? "" : "must be true or false";
    case Takes::count:
      return value.IsUint() ? "" : "must be an integer, 0 or more";
    case Takes::number:
      return value.IsNumber() ? "" : "must be a number";
    case Takes::texts:
      return all_of(value, is_text) || (value.IsArray() && value.Empty()) ? "" : "must be a list of strings";
    case Takes::values:
      return value.IsArray() && !value.Empty() ? "" : "must be a list of values";
    case Takes::dialect:
      return text_of(value) == kDialect ? "" : "must be https://json-schema.org/draft/2020-12/schema";
    default:
      return {};
    }
  }

  void pattern(std::string_view text, const std::string& at) {
    if (const auto why = bad_pattern(text)) refuse(at, "is not a regular expression: " + *why);
  }

  void each_element(const TreeValue& value, const std::string& at) {
    if (!value.IsArray() || value.Empty()) return refuse(at, "must be a list of schemas");
    for (rapidjson::SizeType i = 0; i < value.Size(); ++i) schema(value[i], pointer_append(at, std::to_string(i)));
  }

  void each_member(const TreeValue& value, const std::string& at, bool patterns) {
    if (!value.IsObject()) return refuse(at, "must be an object of schemas");
    for (const auto& entry : value.GetObject()) {
      const std::string inner = pointer_append(at, text_of(entry.name));
      if (patterns) pattern(text_of(entry.name), inner);
      schema(entry.value, inner);
    }
  }

  // A schema that leads back to itself on the same value would be followed for ever.
  void cycles() {
    std::vector<const TreeValue*> path;
    std::vector<const TreeValue*> clean;
    for (const TreeValue* start : schemas_) follow(*start, path, clean);
  }

  void follow(const TreeValue& value, std::vector<const TreeValue*>& path, std::vector<const TreeValue*>& clean) {
    if (fault_ || !value.IsObject() || std::find(clean.begin(), clean.end(), &value) != clean.end()) return;
    if (std::find(path.begin(), path.end(), &value) != path.end()) {
      return refuse("/$defs", "a $ref leads back to itself without going into a member or an element");
    }
    path.push_back(&value);
    for (const auto& entry : value.GetObject()) {
      const Keyword* known = keyword_of(text_of(entry.name));
      if (known == nullptr || !known->in_place) continue;
      if (known->takes == Takes::reference)
        follow(*resolve(root_, entry.value), path, clean);
      else if (entry.value.IsArray())
        for (const auto& branch : entry.value.GetArray()) follow(branch, path, clean);
      else
        follow(entry.value, path, clean);
    }
    path.pop_back();
    clean.push_back(&value);
  }

  const TreeValue& root_;
  std::vector<const TreeValue*> schemas_;
  std::optional<Error> fault_;
};

} // namespace

const TreeValue* resolve(const TreeValue& root, const TreeValue& reference) {
  std::string_view name = text_of(reference);
  if (!name.starts_with(kDefinitions)) return nullptr;
  name.remove_prefix(kDefinitions.size());
  if (name.empty() || name.find_first_of("/~%#") != std::string_view::npos) return nullptr; // plain names only
  const TreeValue* definitions = member(root, "$defs");
  return definitions == nullptr ? nullptr : member(*definitions, name);
}

Result<void> lint_schema(const TreeValue& schema) {
  return Lint(schema).run();
}

bool remove_formats(TreeValue& schema) {
  if (!schema.IsObject()) return false;
  bool removed = schema.RemoveMember("format");
  const auto remove_below = [&](TreeValue& value, Takes takes) {
    if (takes == Takes::schema) {
      removed |= remove_formats(value);
    } else if (takes == Takes::schemas) {
      for (auto& branch : value.GetArray()) removed |= remove_formats(branch);
    } else if (takes == Takes::schema_map || takes == Takes::pattern_map || takes == Takes::definitions) {
      each_value(value, [&](std::string_view, TreeValue& inner) { removed |= remove_formats(inner); });
    }
  };
  each_value(schema, [&](std::string_view name, TreeValue& value) {
    if (const Keyword* known = keyword_of(name)) remove_below(value, known->takes);
  });
  return removed;
}

} // namespace plugboard::json
