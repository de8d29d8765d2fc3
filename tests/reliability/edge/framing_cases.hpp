// The table of requests in framing_cases.txt, which says how its lines are read. Values.
#pragma once

#include <string>
#include <vector>

namespace plugboard::test {

struct FramingCase {
  std::string name;
  std::string bytes;
  std::vector<int> statuses;   // of the answers, in order, before the canary's
  bool canary_answered = true; // else the connection is closed after the last of them
};

// Throws when a line is not as it must be.
std::vector<FramingCase> framing_cases(const std::string& file);

} // namespace plugboard::test
