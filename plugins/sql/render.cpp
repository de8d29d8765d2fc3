#include "plugins/sql/render.hpp"

#include "plugins/sql/text.hpp"

namespace plugboard::sql {
namespace {

using Kind = Cell::Kind;

Misfit malformed(std::string what) {
  return {Status::upstream_malformed, std::move(what)};
}

std::optional<Misfit> time(const Cell& cell, const TimeZone& zone, std::string& out) {
  std::string utc;
  switch (to_rfc3339(cell.text, zone, utc)) {
  case TimeFault::none:
    append_quoted(out, utc);
    return std::nullopt;
  case TimeFault::zone_unknown:
    return Misfit{Status::failed, "holds a time without a time zone: say \"time_zone\" in the configuration, the IANA "
                                  "name of the zone that the database's clock shows"};
  case TimeFault::not_a_time:
    break;
  }
  return malformed("holds something that is no time from year 0 to 9999");
}

std::optional<Misfit> text(const Cell& cell, FieldType type, const TimeZone& zone, std::string& out) {
  if (!is_utf8(cell.text)) return malformed("holds text that is not UTF-8");
  if (type == FieldType::date_time) return time(cell, zone, out);
  if (type == FieldType::structure) {
    if (!is_json(cell.text)) return malformed("holds text that is no JSON, where an object or array goes");
    out.append(cell.text);
    return std::nullopt;
  }
  append_quoted(out, cell.text);
  return std::nullopt;
}

// "12.00" is a whole number where a whole number goes, and "-0.5" is JSON as it stands; "NaN" is none.
std::optional<Misfit> number(const Cell& cell, FieldType type, std::string& out) {
  std::string_view digits = cell.text;
  auto point = digits.find('.');
  if (type == FieldType::integer && point != std::string_view::npos &&
      digits.find_first_not_of('0', point + 1) == std::string_view::npos)
    digits = digits.substr(0, point);
  if (digits.empty() || digits.find_first_not_of("0123456789+-.eE") != std::string_view::npos || !is_json(digits))
    return malformed("holds something that is no finite number");
  out.append(digits);
  return std::nullopt;
}

} // namespace

std::optional<Misfit> render(const Cell& cell, FieldType type, const TimeZone& zone, std::string& out) {
  switch (cell.kind) {
  case Kind::null:
    out.append("null");
    return std::nullopt;
  case Kind::boolean:
    out.append(cell.text);
    return std::nullopt;
  case Kind::integer:
    if (type == FieldType::boolean && (cell.text == "0" || cell.text == "1")) {
      out.append(cell.text == "1" ? "true" : "false");
      return std::nullopt;
    }
    out.append(cell.text);
    return std::nullopt;
  case Kind::decimal:
  case Kind::real:
    return number(cell, type, out);
  case Kind::text:
    return text(cell, type, zone, out);
  case Kind::json:
    if (!is_json(cell.text)) return malformed("holds JSON that is not well formed");
    out.append(cell.text);
    return std::nullopt;
  case Kind::date:
    if (type == FieldType::date_time) return time(cell, zone, out);
    append_quoted(out, cell.text);
    return std::nullopt;
  case Kind::time:
    return time(cell, zone, out);
  case Kind::binary:
    break;
  }
  return malformed("holds bytes: make them text in the query, with hex() or encode()");
}

} // namespace plugboard::sql
