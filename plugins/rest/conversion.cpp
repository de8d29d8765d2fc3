#include "plugins/rest/conversion.hpp"

#include "plugins/rest/decimal.hpp"
#include "plugins/rest/times.hpp"

#include <algorithm>
#include <array>

namespace plugboard::rest {

namespace {

using To = Conversion::To;
using Kind = Value::Kind;

struct Name {
  std::string_view name;
  To to;
};

constexpr std::array kNames{Name{"string", To::string},
                            Name{"integer", To::integer},
                            Name{"number", To::number},
                            Name{"boolean", To::boolean},
                            Name{"minor_units", To::minor_units},
                            Name{"unix_seconds", To::unix_seconds},
                            Name{"unix_millis", To::unix_millis},
                            Name{"date", To::date},
                            Name{"date_time", To::date_time},
                            Name{"lower", To::lower},
                            Name{"upper", To::upper}};

Converted no(std::string_view reason) {
  return {std::nullopt, reason};
}

Converted yes(Value value) {
  return {std::move(value), {}};
}

bool is_number_or_text(const Value& from) {
  return from.is(Kind::number) || from.is(Kind::string);
}

Converted whole(const Value& from, int digits, std::string_view reason) {
  if (!is_number_or_text(from)) return no(reason);
  auto value = scaled(from.text, digits, Excess::refuse);
  return value ? yes(Value::of_number(std::to_string(*value))) : no(reason);
}

Converted to_boolean(const Value& from) {
  if (from.is(Kind::boolean)) return yes(from);
  if (is_number_or_text(from)) {
    if (from.text == "1" || (from.is(Kind::string) && from.text == "true")) return yes(Value::of_boolean(true));
    if (from.text == "0" || (from.is(Kind::string) && from.text == "false")) return yes(Value::of_boolean(false));
  }
  return no("neither true, false, 1 nor 0");
}

// Unix time: microseconds are kept, what is finer is cut.
Converted to_instant(const Value& from, int digits, std::string_view reason) {
  if (!is_number_or_text(from)) return no(reason);
  auto microseconds = scaled(from.text, digits, Excess::cut);
  auto text = microseconds ? format_utc(*microseconds) : std::nullopt;
  return text ? yes(Value::of_string(std::move(*text))) : no(reason);
}

Converted text_or(std::optional<std::string> text, std::string_view reason) {
  return text ? yes(Value::of_string(std::move(*text))) : no(reason);
}

// ASCII letters only: what codes, e-mail addresses and currencies are written in.
Converted with_case(const Value& from, char first, char last) {
  if (!from.is(Kind::string)) return no("not a string");
  std::string text = from.text;
  for (char& c : text)
    if (c >= first && c <= last) c = static_cast<char>(c ^ 0x20);
  return yes(Value::of_string(std::move(text)));
}

Converted apply(const Conversion& conversion, const Value& from) {
  switch (conversion.to) {
  case To::as_is:
    return yes(from);
  case To::string:
    return from.is_scalar() ? yes(Value::of_string(std::string(from.scalar_text())))
                            : no("neither a string, a number nor a boolean");
  case To::integer:
    return whole(from, 0, "not a whole number of 64 bits");
  case To::number:
    return is_number_or_text(from) && is_json_number(from.text) ? yes(Value::of_number(from.text)) : no("not a number");
  case To::boolean:
    return to_boolean(from);
  case To::minor_units:
    return whole(from, conversion.digits, "not an amount of money with at most the digits that the currency has");
  case To::unix_seconds:
    return to_instant(from, 6, "not a time in seconds since 1970");
  case To::unix_millis:
    return to_instant(from, 3, "not a time in milliseconds since 1970");
  case To::date:
    return text_or(from.is(Kind::string) ? read_date(from.text) : std::nullopt, "not a date (YYYY-MM-DD)");
  case To::date_time:
    return text_or(from.is(Kind::string) ? read_date_time(from.text, conversion.offset_minutes) : std::nullopt,
                   "not a time (RFC 3339)");
  case To::lower:
    return with_case(from, 'A', 'Z');
  case To::upper:
    return with_case(from, 'a', 'z');
  }
  return no("of a kind that is not known");
}

void read_table(Fields& fields, Conversion& conversion) {
  const auto* table = fields.object("table");
  const auto* otherwise = fields.any("else");
  if (otherwise && !table) return fields.problems().add(fields.at("else"), "\"else\" goes with a \"table\": add one");
  if (otherwise && !otherwise->is_scalar())
    fields.problems().add(fields.at("else"), "write a string, a number or a boolean");
  if (otherwise) conversion.otherwise = *otherwise;
  if (!table) return;
  if (table->items.empty()) fields.problems().add(fields.at("table"), "the table is empty: give it at least one row");
  for (std::size_t i = 0; i < table->items.size(); ++i) {
    if (!table->items[i].is_scalar())
      fields.problems().add(below(fields.at("table"), table->names[i]), "write a string, a number or a boolean");
    conversion.table.push_back({table->names[i], table->items[i]});
  }
}

// An option that belongs to one conversion only.
const Value* option(Fields& fields, std::string_view name, bool wanted, std::string_view sentence) {
  const auto* value = fields.any(name);
  if (value && !wanted) fields.problems().add(fields.at(name), sentence);
  return wanted ? value : nullptr;
}

} // namespace

Conversion read_conversion(Fields& fields) {
  Conversion conversion;
  if (auto as = fields.string("as")) {
    const auto* found =
        std::find_if(kNames.begin(), kNames.end(), [&](const Name& known) { return known.name == *as; });
    if (found != kNames.end()) {
      conversion.to = found->to;
    } else {
      std::string list;
      for (const auto& known : kNames) list += (list.empty() ? "" : ", ") + std::string(known.name);
      fields.problems().add(fields.at("as"), "\"" + *as + "\" is no conversion; there are " + list);
    }
  }
  if (const auto* digits = option(fields, "digits", conversion.to == To::minor_units,
                                  "only \"as\": \"minor_units\" takes digits: remove it")) {
    auto value = digits->is(Kind::number) ? scaled(digits->text, 0, Excess::refuse) : std::nullopt;
    if (value && *value >= 0 && *value <= 4)
      conversion.digits = static_cast<int>(*value);
    else
      fields.problems().add(fields.at("digits"), "write how many decimals the currency has, 0 to 4");
  }
  if (const auto* offset = option(fields, "offset", conversion.to == To::date_time,
                                  "only \"as\": \"date_time\" takes an offset: remove it")) {
    conversion.offset_minutes = offset->is(Kind::string) ? read_offset(offset->text) : std::nullopt;
    if (!conversion.offset_minutes) fields.problems().add(fields.at("offset"), "write \"Z\" or \"+01:00\"");
  }
  read_table(fields, conversion);
  return conversion;
}

Converted convert(const Conversion& conversion, const Value& from) {
  auto converted = apply(conversion, from);
  if (!converted.value || conversion.table.empty()) return converted;
  if (!converted.value->is_scalar()) return no("neither a string, a number nor a boolean, so in no table");
  auto key = converted.value->scalar_text();
  for (const auto& row : conversion.table)
    if (row.from == key) return yes(row.to);
  if (conversion.otherwise) return yes(*conversion.otherwise);
  return no("not in the table, and there is no \"else\"");
}

} // namespace plugboard::rest
