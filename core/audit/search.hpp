// One page of what is on record, looked for in the files. [the archive's thread]
#pragma once

#include "core/audit/folder.hpp"
#include "core/audit/journal.hpp"
#include "core/audit/reports.hpp"

namespace plugboard::audit {

// extent: how far the open segment may be read; all others are closed.
Result<Page> search(Folder& folder, const Extent& extent, const Query& query);

bool is_wanted(const Query& query, std::string_view record);

} // namespace plugboard::audit
