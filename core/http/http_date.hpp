// A time as HTTP writes it (RFC 9110, 5.6.7): all three forms that are about. [any thread]
#pragma once

#include "core/base/clock.hpp"

#include <optional>
#include <string_view>

namespace plugboard::http {

std::optional<WallTime> read_http_date(std::string_view text); // none: it is no such time

} // namespace plugboard::http
