// One fact that names the customer in some system: a typed value, who said so, and whether that was verified.
#pragma once

#include <string>

namespace plugboard {

struct Identifier {
  std::string type, value; // "email", "leonekohler@surfeu.de"
  bool verified = false;
  std::string source; // the connector that said so
  friend bool operator==(const Identifier&, const Identifier&) = default;
};

} // namespace plugboard
