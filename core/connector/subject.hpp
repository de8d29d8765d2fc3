// What a connector is asked on behalf of the person behind the data: all that its system holds about him, or that it is
// erased; and what it may answer. Values.
#pragma once

#include "core/connector/authentication.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

enum class Right : std::uint8_t { export_data = 1, erase };

std::string_view name_of(Right right); // "export", "erase"

struct SubjectRequest {
  Right right = Right::export_data;
  std::string tenant{}, purpose{}, actor{}, context_id{};
  std::vector<Identifier> identifiers{}; // only what the manifest's "subject" needs
};

struct KeptRecords { // what is not erased
  std::string what, why;
};

struct SubjectAnswer {
  std::string data;              // export: a JSON object that was read strictly, of any members
  std::uint64_t erased = 0;      // erase: records
  std::vector<KeptRecords> kept; // erase
};

// Error: how it ended without one; not_found, when the system answered that it knows nobody such.
using Subject = boost::system::result<SubjectAnswer, Rejected>;
using SubjectDone = std::function<void(Subject)>;

} // namespace plugboard::connector
