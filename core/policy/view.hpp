// What one asker may see of one section, as it is compiled once and used for many requests. Made by Policy, kept by
// Views. [immutable once made]
#pragma once

#include "core/policy/plan.hpp"
#include "core/policy/pseudonyms.hpp"
#include "core/policy/standing.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace plugboard::policy {

enum class Verdict : std::uint8_t { allowed = 1, step_up, denied };

std::string_view name_of(Verdict verdict);

struct Withheld {    // a field that may be had once more is proved
  std::string field; // JSON Pointer, * for each element
  Challenge challenge;
};

struct View {
  Verdict verdict = Verdict::denied;
  Challenge challenge{};            // step_up: what must be proved to see anything
  std::vector<Withheld> withheld{}; // allowed: the same whether the customer has such a field or not
  std::string shown{}; // allowed: the fields that may leave, masked or not, as a JSON array for the record; "": all
  std::shared_ptr<const PlanTree> plan{}; // allowed: what of the data may leave; null: all but account numbers
  std::shared_ptr<const Pseudonyms> pseudonyms{};
  std::string tenant{}; // whose pseudonyms

  bool is_whole() const { return verdict == Verdict::allowed && !plan; }
};

// How the fields of a section fare, for people: one row a field, or a part with all that is in it.
struct FieldRow {
  enum class Fate : std::uint8_t { visible = 1, masked, withheld, denied };
  std::string field; // "": the whole section
  Fate fate = Fate::denied;
  Mask mask = Mask::none;
  Challenge needed{};               // visible, masked, withheld: what the easiest of the rules asks for
  std::vector<std::size_t> rules{}; // whose word counted, by position; none: there are no rules
  friend bool operator==(const FieldRow&, const FieldRow&) = default;
};

std::string_view name_of(FieldRow::Fate fate);
bool is_shown(const FieldRow& row); // masked or not

} // namespace plugboard::policy
