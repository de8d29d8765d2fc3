// The store's schema as numbered steps, each run once, in order, in one transaction with its number. A step is never
// edited after a release: what changes is a new step. Every row has its tenant.
#pragma once

#include <span>
#include <string_view>

namespace plugboard::store {

struct Migration {
  int number; // 1, 2, 3, …
  std::string_view sql;
};

std::span<const Migration> migrations();

} // namespace plugboard::store
