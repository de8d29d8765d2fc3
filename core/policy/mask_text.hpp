// Texts as masks leave them. Pure. [any thread]
#pragma once

#include "core/policy/view.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace plugboard::policy {

// none: the mask leaves nothing of this text.
std::optional<std::string> masked(Mask mask, std::string_view text, const View& view);

} // namespace plugboard::policy
