// The URLs that a plugin tries, one a line of hostile_urls.txt. In each, GOOD is the port of the place that is granted
// (as http://127.0.0.1:GOOD and http://good.test:GOOD) and TRAP that of the places that are not.
#pragma once

#include <string>
#include <vector>

namespace plugboard::test {

// \xNN in the file is that byte.
std::vector<std::string> hostile_urls(int good, int trap);

// Addresses that a granted name may lead to, and no connector may be led to.
std::vector<std::string> forbidden_addresses();

} // namespace plugboard::test
