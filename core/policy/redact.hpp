// Station 9's censor: of a section's bytes those that may leave. One pass over what the strict reader has passed,
// without a tree: what stays is copied as it came, byte for byte. Policy is applied here, anew for each reader, and to
// nothing that is stored. Pure. [any thread]
#pragma once

#include "core/policy/view.hpp"

#include <string>
#include <string_view>

namespace plugboard::policy {

// Whether text that the strict reader has passed holds a card's number or an IBAN anywhere, also spelt with escapes.
// May say so of a text that holds none, never the other way round.
bool may_hold_account_number(std::string_view json);

// Appends what may leave of `json`, an object that the strict reader has passed. is_clean: it is known to hold no
// account number. False, and nothing appended, when it is no JSON,
// or nothing of it may leave.
bool append_redacted(std::string& out, const View& view, std::string_view json, bool is_clean);

} // namespace plugboard::policy
