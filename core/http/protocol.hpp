// What is spoken over one connection to an upstream.
#pragma once

#include <cstdint>

namespace plugboard::http {

enum class Protocol : std::uint8_t { http_1_1 = 1, http_2 };

} // namespace plugboard::http
