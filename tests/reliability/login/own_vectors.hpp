// Vectors of our own for each class that project Wycheproof has a file of, for machines on which its files are not:
// tokens and key sets, and raw signatures of ECDSA, Ed25519, RSA-PSS and RSA. Values.
#pragma once

#include <string>
#include <vector>

namespace plugboard::test {

struct OwnVerdict {
  std::string what;
  bool good = false;     // what it should be
  bool accepted = false; // by the plugin
};

std::vector<OwnVerdict> own_verdicts();

} // namespace plugboard::test
