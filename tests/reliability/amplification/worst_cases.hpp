// Requests of at most 10 KB that may cost the hub much more than their sender. Values.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace plugboard::test {

inline constexpr std::size_t kMostBytes = 10 * 1024; // of a request

struct WorstCase {
  std::string name;
  std::string bytes; // as sent
  // The least request that asks the same of systems or store, whose cost is not the request's own. "": nothing is
  // asked of them.
  std::string plain{};
  int status = 0;     // it is answered so; 0: in whichever way, but not by 5xx
  bool slow = false;  // it waits for a system, while that is slow
  bool admin = false; // for the admins' listener
  bool never_whole = false;
};

struct KnownToHub {
  std::string session;
  // Forged tokens of an issuer whose keys the hub knows: each costs it the verification of a signature.
  std::vector<std::pair<std::string, std::string>> forgeries;
};

std::vector<WorstCase> worst_cases(const KnownToHub& known);
// Files of the fuzzers' corpora: requests as they are, all else as the body of a context.
std::vector<WorstCase> found_by_fuzzing(const std::string& corpus, std::size_t most);

} // namespace plugboard::test
