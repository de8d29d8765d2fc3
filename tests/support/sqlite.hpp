// A SQLite file of a test's own: what the hub says is compared with what the file itself says. [any thread]
#pragma once

#include <string>
#include <vector>

namespace plugboard::test {

// Any number of statements; the file is made when it is not there. The rows of all of them, as text; null is "". Throws
// SQLite's message.
std::vector<std::vector<std::string>> run_sqlite(const std::string& file, const std::string& sql);

} // namespace plugboard::test
