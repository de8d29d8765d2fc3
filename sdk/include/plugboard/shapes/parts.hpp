// What several shapes have in common, typed.
// Written by sdk/shapes/make_builders.py; change the shape instead. Values.
// clang-format off
#pragma once

#include <plugboard/shapes/required.hpp>

namespace plugboard::parts_v1 {

struct Address {
  std::optional<std::string> name{}; // Whom it is addressed to.
  std::optional<std::string> company{}; // The company on the address.
  std::vector<std::string> lines{}; // The lines above the city.
  std::optional<std::string> city{}; // City or town.
  std::optional<std::string> region{}; // State, county or province.
  std::optional<std::string> postal_code{}; // Postal or ZIP code, as text.
  std::optional<std::string> country{}; // ISO 3166-1 alpha-2, capital letters. A system that knows only a name gives country_name.
  std::optional<std::string> country_name{}; // The country as the system writes it.
};

inline JsonObject to_json(const Address& from) {
  JsonObject out;
  if (from.name) out.set("name", *from.name);
  if (from.company) out.set("company", *from.company);
  if (!from.lines.empty()) out.set("lines", detail::array_of(from.lines, [](const auto& each) { return each; }));
  if (from.city) out.set("city", *from.city);
  if (from.region) out.set("region", *from.region);
  if (from.postal_code) out.set("postal_code", *from.postal_code);
  if (from.country) out.set("country", *from.country);
  if (from.country_name) out.set("country_name", *from.country_name);
  return out;
}

struct Money {
  Required<std::int64_t> amount_minor; // In the currency's smallest unit: 129900 is 1,299.00 SEK, 500 is 500 JPY. Never a fraction.
  Required<std::string> currency; // ISO 4217, capital letters.
};

inline JsonObject to_json(const Money& from) {
  JsonObject out;
  out.set("amount_minor", *from.amount_minor);
  out.set("currency", *from.currency);
  return out;
}

} // namespace plugboard::parts_v1
