#include "core/json/schema_faults.hpp"

#include "core/base/clock.hpp"
#include "core/base/text.hpp"
#include "core/json/pointer.hpp"
#include "core/json/schema_findings.hpp"
#include "core/json/schema_lint.hpp"
#include "core/json/suggestion.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <regex>
#include <string>

namespace plugboard::json {
namespace {

using Value = TreeValue;
using Kind = Finding::Kind;

constexpr std::size_t kShownValues = 12;

bool is_integer(const Value& value) {
  return value.IsInt64() || value.IsUint64() ||
         (value.IsDouble() && std::trunc(value.GetDouble()) == value.GetDouble());
}

bool has_type(const Value& value, std::string_view type) {
  if (type == "null") return value.IsNull();
  if (type == "boolean") return value.IsBool();
  if (type == "integer") return is_integer(value);
  if (type == "number") return value.IsNumber();
  if (type == "string") return value.IsString();
  if (type == "array") return value.IsArray();
  return value.IsObject();
}

std::string type_in_words(std::string_view type) {
  if (type == "null") return "null";
  if (type == "boolean") return "true or false";
  return (type == "integer" || type == "array" || type == "object" ? "an " : "a ") + std::string(type);
}

bool matches(std::string_view text, const Value& pattern) {
  return std::regex_search(text.begin(), text.end(), std::regex(std::string(text_of(pattern))));
}

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(std::max<std::size_t>(utf8_length(text), 1));
  return count;
}

std::string number_text(const Value& number) {
  return to_text(number);
}

std::string plural(unsigned count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

class Explainer {
 public:
  explicit Explainer(const Value& root) : root_(root) {}

  Findings check(const Value& schema, const Value& value, const std::string& pointer) const {
    Findings found;
    if (schema.IsBool()) {
      if (!schema.GetBool()) found.push_back({Kind::other, {pointer, "must not be here"}, ""});
      return found;
    }
    if (const Value* reference = member(schema, "$ref")) return check(*resolve(root_, *reference), value, pointer);
    if (!right_type(schema, value, pointer, found)) return found; // what else it lacks follows from that
    constants(schema, value, pointer, found);
    if (value.IsNumber()) number(schema, value, pointer, found);
    if (value.IsString()) string(schema, text_of(value), pointer, found);
    if (value.IsArray()) array(schema, value, pointer, found);
    if (value.IsObject()) object(schema, value, pointer, found);
    combined(schema, value, pointer, found);
    conditional(schema, value, pointer, found);
    return found;
  }

 private:
  static void say(Findings& found, const std::string& pointer, std::string message) {
    found.push_back({Kind::other, {pointer, std::move(message)}, ""});
  }

  static void append(Findings& found, Findings more) {
    found.insert(found.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }

  static bool right_type(const Value& schema, const Value& value, const std::string& pointer, Findings& found) {
    const Value* type = member(schema, "type");
    if (type == nullptr) return true;
    std::vector<std::string> words;
    const auto fits = [&](const Value& name) {
      words.push_back(type_in_words(text_of(name)));
      return has_type(value, text_of(name));
    };
    if (type->IsString() ? fits(*type) : std::any_of(type->Begin(), type->End(), fits)) return true;
    const std::string want = either(words);
    found.push_back({Kind::type, {pointer, "must be " + want}, want});
    return false;
  }

  static void constants(const Value& schema, const Value& value, const std::string& pointer, Findings& found) {
    if (const Value* constant = member(schema, "const"); constant != nullptr && *constant != value) {
      found.push_back({Kind::constant, {pointer, "must be " + to_text(*constant)}, ""});
    }
    const Value* values = member(schema, "enum");
    if (values == nullptr || std::find(values->Begin(), values->End(), value) != values->End()) return;
    std::vector<std::string> words;
    std::vector<std::string_view> names;
    for (const Value& allowed : values->GetArray()) {
      if (words.size() < kShownValues) words.push_back(to_text(allowed));
      names.push_back(text_of(allowed));
    }
    std::string message = "must be " + std::string(words.size() == 1 ? "" : "one of ") + either(words);
    if (names.size() > words.size()) message += " (and " + std::to_string(names.size() - words.size()) + " more)";
    const auto meant = nearest(text_of(value), names);
    if (meant && !meant->empty()) message += "; did you mean " + quoted(*meant) + "?";
    found.push_back({Kind::constant, {pointer, std::move(message)}, ""});
  }

  static void number(const Value& schema, const Value& value, const std::string& pointer, Findings& found) {
    const double is = value.GetDouble();
    if (const Value* least = member(schema, "minimum"); least != nullptr && is < least->GetDouble()) {
      say(found, pointer, "must be at least " + number_text(*least));
    }
    if (const Value* most = member(schema, "maximum"); most != nullptr && is > most->GetDouble()) {
      say(found, pointer, "must be at most " + number_text(*most));
    }
    if (const Value* above = member(schema, "exclusiveMinimum"); above != nullptr && is <= above->GetDouble()) {
      say(found, pointer, "must be more than " + number_text(*above));
    }
    if (const Value* below = member(schema, "exclusiveMaximum"); below != nullptr && is >= below->GetDouble()) {
      say(found, pointer, "must be less than " + number_text(*below));
    }
  }

  static void string(const Value& schema, std::string_view text, const std::string& pointer, Findings& found) {
    if (const Value* least = member(schema, "minLength"); least != nullptr && characters(text) < least->GetUint()) {
      say(found, pointer,
          text.empty() && least->GetUint() == 1 ? "must not be empty"
                                                : "must have at least " + plural(least->GetUint(), "character"));
    }
    if (const Value* most = member(schema, "maxLength"); most != nullptr && characters(text) > most->GetUint()) {
      say(found, pointer, "must have at most " + plural(most->GetUint(), "character"));
    }
    if (const Value* pattern = member(schema, "pattern"); pattern != nullptr && !matches(text, *pattern)) {
      say(found, pointer, "must match the pattern " + std::string(text_of(*pattern)));
    }
    const std::string_view format = member(schema, "format") != nullptr ? text_of(*member(schema, "format")) : "";
    if (format == "date-time" && !parse_rfc3339(text)) {
      say(found, pointer, "must be a time such as 2026-11-22T04:31:15Z (RFC 3339)");
    } else if (format == "date" && !parse_rfc3339(std::string(text) + "T00:00:00Z")) {
      say(found, pointer, "must be a date such as 2026-11-22");
    } else if (format == "time" && !parse_rfc3339("2000-01-01T" + std::string(text))) {
      say(found, pointer, "must be a time of day such as 04:31:15Z");
    }
  }

  void array(const Value& schema, const Value& value, const std::string& pointer, Findings& found) const {
    if (const Value* least = member(schema, "minItems"); least != nullptr && value.Size() < least->GetUint()) {
      say(found, pointer, "must have at least " + plural(least->GetUint(), "element"));
    }
    if (const Value* most = member(schema, "maxItems"); most != nullptr && value.Size() > most->GetUint()) {
      say(found, pointer, "must have at most " + plural(most->GetUint(), "element"));
    }
    const Value* unique = member(schema, "uniqueItems");
    for (rapidjson::SizeType i = 0; unique != nullptr && unique->GetBool() && i < value.Size(); ++i) {
      const auto* twin = std::find(value.Begin(), value.Begin() + i, value[i]);
      if (twin != value.Begin() + i) {
        say(found, pointer_append(pointer, std::to_string(i)),
            "is the same as element " + std::to_string(twin - value.Begin()));
      }
    }
    const Value* items = member(schema, "items");
    for (rapidjson::SizeType i = 0; items != nullptr && i < value.Size(); ++i) {
      append(found, check(*items, value[i], pointer_append(pointer, std::to_string(i))));
    }
    const Value* wanted = member(schema, "contains");
    if (wanted == nullptr) return;
    const auto fits = [&](const Value& element) { return check(*wanted, element, pointer).empty(); };
    if (std::none_of(value.Begin(), value.End(), fits)) say(found, pointer, "lacks an element that must be among them");
  }

  void object(const Value& schema, const Value& value, const std::string& pointer, Findings& found) const {
    if (const Value* required = member(schema, "required")) {
      for (const Value& name : required->GetArray()) {
        if (member(value, text_of(name)) != nullptr) continue;
        found.push_back({Kind::missing,
                         {pointer, "required member " + quoted(text_of(name)) + " is missing"},
                         std::string(text_of(name))});
      }
    }
    if (const Value* least = member(schema, "minProperties");
        least != nullptr && value.MemberCount() < least->GetUint()) {
      say(found, pointer, "must have at least " + plural(least->GetUint(), "member"));
    }
    if (const Value* most = member(schema, "maxProperties"); most != nullptr && value.MemberCount() > most->GetUint()) {
      say(found, pointer, "must have at most " + plural(most->GetUint(), "member"));
    }
    for (const auto& entry : value.GetObject()) {
      const std::string_view name = text_of(entry.name);
      const std::string at = pointer_append(pointer, name);
      if (const Value* names = member(schema, "propertyNames")) {
        for (const Finding& finding : check(*names, entry.name, at)) {
          say(found, at, "the name " + quoted(name) + " " + finding.fault.message);
        }
      }
      one_member(schema, name, entry.value, at, found);
    }
  }

  void one_member(const Value& schema, std::string_view name, const Value& value, const std::string& at,
                  Findings& found) const {
    bool known = false;
    const Value* properties = member(schema, "properties");
    if (const Value* property = properties != nullptr ? member(*properties, name) : nullptr) {
      known = true;
      append(found, check(*property, value, at));
    }
    if (const Value* patterns = member(schema, "patternProperties")) {
      for (const auto& pattern : patterns->GetObject()) {
        if (!matches(name, pattern.name)) continue;
        known = true;
        append(found, check(pattern.value, value, at));
      }
    }
    const Value* others = member(schema, "additionalProperties");
    if (known || others == nullptr) return;
    if (!others->IsFalse()) return append(found, check(*others, value, at));
    std::vector<std::string_view> names;
    if (properties != nullptr) {
      for (const auto& property : properties->GetObject()) names.push_back(text_of(property.name));
    }
    say(found, at, unknown_member(name, names));
  }

  void combined(const Value& schema, const Value& value, const std::string& pointer, Findings& found) const {
    if (const Value* all = member(schema, "allOf")) {
      for (const Value& branch : all->GetArray()) append(found, check(branch, value, pointer));
    }
    for (const char* keyword : {"anyOf", "oneOf"}) {
      const Value* branches = member(schema, keyword);
      if (branches == nullptr) continue;
      std::vector<Findings> refused;
      for (const Value& branch : branches->GetArray()) {
        if (auto more = check(branch, value, pointer); !more.empty()) refused.push_back(std::move(more));
      }
      const std::size_t fitting = branches->Size() - refused.size();
      if (fitting == 0)
        append(found, choose_among(refused, pointer));
      else if (fitting > 1 && keyword[0] == 'o')
        found.push_back(several_fit(*branches, value, pointer));
    }
    if (const Value* never = member(schema, "not"); never != nullptr && check(*never, value, pointer).empty()) {
      const Value* title = never->IsObject() ? member(*never, "title") : nullptr;
      say(found, pointer,
          title != nullptr ? "must not be " + std::string(text_of(*title)) : "has a form that is excluded here");
    }
  }

  void conditional(const Value& schema, const Value& value, const std::string& pointer, Findings& found) const {
    const Value* condition = member(schema, "if");
    if (condition == nullptr) return;
    const Value* next = member(schema, check(*condition, value, pointer).empty() ? "then" : "else");
    if (next != nullptr) append(found, check(*next, value, pointer));
  }

  const Value& root_;
};

} // namespace

std::vector<Fault> explain(const Value& schema, const Value& value, std::string_view at) {
  std::vector<Fault> faults;
  for (Finding& finding : Explainer(schema).check(schema, value, std::string(at))) {
    const auto same = [&](const Fault& fault) {
      return fault.pointer == finding.fault.pointer && fault.message == finding.fault.message;
    };
    if (std::none_of(faults.begin(), faults.end(), same)) faults.push_back(std::move(finding.fault));
  }
  return faults;
}

} // namespace plugboard::json
