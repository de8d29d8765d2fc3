// What one asker may see of one section, as it is compiled once and used for many requests. Made by Policy, kept by
// Views. [immutable once made]
#pragma once

#include "core/policy/standing.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace plugboard::policy {

enum class Verdict : std::uint8_t { allowed = 1, step_up, denied };

struct Withheld {    // a field that may be had once more is proved
  std::string field; // JSON Pointer, * for each element
  Challenge challenge;
};

struct View {
  Verdict verdict = Verdict::denied;
  Challenge challenge{};            // step_up: what must be proved to see anything
  std::vector<Withheld> withheld{}; // allowed: the same whether the customer has such a field or not
};

} // namespace plugboard::policy
