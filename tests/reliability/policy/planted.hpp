// Card numbers, IBANs and security codes that a test plants in what systems answer, and the search for them in whatever
// came out. It shares no code with the hub. Values.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

struct Planted {
  std::vector<std::string> cards, ibans, codes;
};

// Cards and IBANs are sound (Luhn, mod 97), and of every issuer and several countries. Codes are words, so that none
// comes about by chance.
Planted plant(std::mt19937_64& random, std::size_t many);

// The number as people and systems write it: whole, in groups, with dashes, dots, no-break spaces, escapes of JSON. As
// it stands between the quotes of a JSON string.
std::vector<std::string> spellings(const std::string& number);

// What of `planted` stands in these bytes, by digits and letters alone: "card 4111…". "": nothing.
std::string found(const Planted& planted, std::string_view bytes);

} // namespace plugboard::test
