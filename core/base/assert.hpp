// Our own invariants, on in every build; never for outside input or a plugin's behaviour.
#pragma once

namespace plugboard {
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);
} // namespace plugboard

#define PLUGBOARD_ASSERT(condition)                                                                                    \
  ((condition) ? static_cast<void>(0) : ::plugboard::assertion_failed(#condition, __FILE__, __LINE__))
