#include "core/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace plugboard {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "plugboard: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

} // namespace plugboard
