// What a hub under test leaves behind, put where a scan finds it (tests/support/scan_artifacts.cpp), with the values
// that went through that hub and must not stand there. Only where the environment names a folder, PLUGBOARD_ARTIFACTS.
#pragma once

#include "tests/support/canaries.hpp"
#include "tests/support/connection.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::test {

struct Exchange { // one call of the agent API
  Ask ask;
  Answer answer;
};

struct Artifacts {
  std::string log, metrics;
  std::string data_dir; // whose files are looked into: the store's, the audit trail's
  std::string config;   // what stands in it is known anyway
  std::vector<std::string> credentials;
};

std::string artifacts_folder(); // "": nobody collects them

// Keys, tokens, credentials, identifiers and what systems said, as far as they are worth looking for.
std::vector<Marked> canaries_of(const std::vector<Exchange>& exchanges, const Artifacts& artifacts);

// In a folder of its own within artifacts_folder(): log, metrics, data/…, canaries.
void leave_artifacts(const Artifacts& artifacts, const std::vector<Marked>& canaries);

// One line a canary; and back.
std::string to_lines(const std::vector<Marked>& canaries);
std::vector<Marked> canaries_in(const std::string& lines);

} // namespace plugboard::test
