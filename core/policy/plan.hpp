// What of one section's data may leave, place by place: compiled from a shape and the rules that apply, walked by the
// redactor over the bytes. Owned by its tree. [immutable once made: any thread]
#pragma once

#include "core/policy/rule.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard::policy {

struct Plan {
  enum class Kind : std::uint8_t {
    drop = 1, // nothing of it
    keep,     // all of it
    mask,     // a text, masked; what is none is dropped
    walk,     // an object or array of which parts may leave
  };
  Kind kind = Kind::drop;
  Mask mask = Mask::none;                                     // mask
  bool bares_accounts = false;                                // keep: account numbers are not masked here
  bool keeps_scalars = false;                                 // walk: what is neither object nor array
  std::vector<std::pair<std::string, const Plan*>> members{}; // walk; in the order of json::comes_before
  const Plan* others = nullptr;                               // walk: members not among these; null: dropped
  const Plan* items = nullptr;                                // walk: elements; null: dropped

  const Plan* member(std::string_view name) const; // null: dropped
};

struct PlanTree {
  std::deque<Plan> plans;
  const Plan* root = nullptr;
};

} // namespace plugboard::policy
