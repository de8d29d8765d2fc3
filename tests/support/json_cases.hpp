// JSON texts with the verdict that the hub must come to: cases of our own of every class, always, and JSONTestSuite
// where it lies beside the checkout. Values.
#pragma once

#include <string>
#include <vector>

namespace plugboard::test {

struct JsonCase {
  std::string name;
  std::string text;
  bool accepted = false; // by the strict reader
};

std::vector<JsonCase> own_json_cases();

// The parsing half of JSONTestSuite: y_ is accepted but for its two duplicate keys, n_ refused, i_ as
// core/json/README.md says. Empty when it is not here.
std::vector<JsonCase> json_test_suite();

// The files called i_, and what that page says of them.
std::vector<JsonCase> documented_choices();

} // namespace plugboard::test
