// What the benchmark's systems know of a customer: about 890 bytes of the shape orders/v1. [any thread]
#pragma once

#include <string>
#include <string_view>

namespace plugboard::bench {

std::string document(std::string_view system, std::string_view customer);

} // namespace plugboard::bench
