// The rows that came, as the section that the hub asked for; or the reason why they are none.
#pragma once

#include "plugins/sql/config.hpp"
#include "plugins/sql/value.hpp"

#include <plugboard/request.hpp>

namespace plugboard::sql {

// How many rows make_answer looks at: two of one are enough to know that they are too many.
std::size_t rows_wanted(const SectionConfig& section);

Result<Section> make_answer(const SectionConfig& section, const TimeZone& zone, const Table& table,
                            const Request& request);

} // namespace plugboard::sql
