// The vectors of project Wycheproof that this plugin is held against: tokens (JWS) and key sets (JWK), and the raw
// signatures under them. Used by a test and by a promise. [one thread]
#pragma once

#include "plugins/jwt/algorithm.hpp"

#include <optional>
#include <string>
#include <vector>

namespace jwt::test {

struct VectorFile {
  const char* name;
  std::optional<Algorithm> algorithm{}; // of raw signatures; none: whole tokens
  const char* key_member = "";          // where in a group the key stands as a JWK
};

const std::vector<VectorFile>& vector_files();

struct VectorsSeen {
  int checked = 0, accepted = 0, waived = 0;
  int other_forms = 0;            // vectors without a compact token, which is all that this plugin reads
  std::vector<std::string> wrong; // a line for each verdict that is not the vector's
};

// None: the file is not at hand, in WYCHEPROOF_FOLDER.
std::optional<VectorsSeen> check_vectors(const VectorFile& file);

// Vectors whose verdict is not to be followed, in so many lines of reason.
struct Waiver {
  std::vector<int> ids; // of json_web_signature_test.json
  const char* why;
};

const std::vector<Waiver>& waivers();

} // namespace jwt::test
