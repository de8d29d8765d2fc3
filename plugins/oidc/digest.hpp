// SHA-2, and the comparison that takes as long for what differs as for what does not. [any thread]
#pragma once

#include <string>
#include <string_view>

namespace oidc {

std::string sha2(int bits, std::string_view text); // 256, 384 or 512; throws std::bad_alloc
bool is_same_secret(std::string_view a, std::string_view b);

} // namespace oidc
