// How this worker was built decides what it can bear: sanitizers reserve terabytes of addresses, read /proc/self/maps
// and trace their own process. Told to the hub by name.
#pragma once

#include <string_view>

namespace plugboard::worker {

#ifdef PLUGBOARD_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

inline constexpr std::string_view kProfile = kSanitized ? "sanitizers" : "standard";

} // namespace plugboard::worker
