// Where in a closed segment the records about each customer begin: a file beside it, made once, sorted. It only hints:
// each record is looked at, and a damaged index is made anew. Customers stand in it as hashes of their pseudonyms.
#pragma once

#include "core/audit/folder.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::audit {

std::string index_name(const std::string& segment);

// Looks through the segment and writes its index.
Result<void> make_index(Folder& folder, const std::string& segment);

// Offsets of the lines that may be about this customer, ascending. Error: not_found; malformed.
Result<std::vector<std::uint64_t>> look_up(Folder& folder, const std::string& segment, std::string_view customer);

// The text between the quotes that follow `"name":` in a record; "" when it is not there. A quote within a string is
// always escaped, so what looks like a member is one.
std::string_view text_of_member(std::string_view record, std::string_view name);

} // namespace plugboard::audit
