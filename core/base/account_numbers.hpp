// Card numbers (PAN: 13 to 19 digits of a known issuer, Luhn's sum) and IBANs (a known country's length, mod 97)
// wherever they stand in a text, also with separators. Masked they keep what people know them by: a card its first six
// and last four digits, an IBAN its first and last four characters. Pure. [any thread]
//
// Not taken for a card: a number after a plus of at most 15 digits, which is a telephone's, and a bar code (EAN-13).
// A run of digits longer than 19 holds none. Both need ten digits with nothing but separators between them, so that
// text without such a run is passed over at a tenth of its bytes.
#pragma once

#include <string>
#include <string_view>

namespace plugboard {

bool holds_account_number(std::string_view text);

// Replaces the digits that may not be seen by *, in place; also three or four digits that follow a card's number, since
// they may be its security code. True when there was anything.
bool mask_account_numbers(std::string& text);

} // namespace plugboard
