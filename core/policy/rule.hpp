// A rule as the configuration writes it: who is let through, and to which fields of which sections. Rules only allow;
// they add up, and what none of them allows is denied. Values.
#pragma once

#include "core/json/document.hpp"
#include "core/policy/standing.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::policy {

// What of a text may leave, the most first: where two rules allow one field, the earlier of their masks counts.
enum class Mask : std::uint8_t { none = 1, year_only, last4, hash, remove };

std::string_view name_of(Mask mask);
std::optional<Mask> parse_mask(std::string_view name);

// One step of the fields that a rule names; "*" among the children is each element, or each member.
struct FieldNode {
  std::map<std::string, FieldNode, std::less<>> children{};
  bool granted = false;
  std::optional<Mask> mask{};
  std::optional<Challenge> need{};

  FieldNode& place(const std::vector<std::string>& tokens);
};

struct Mention { // of a field, to be held against the shapes
  enum class What : std::uint8_t { field = 1, mask, need };
  What what;
  std::string field; // JSON Pointer, * for each element
  std::vector<std::string> tokens;
  std::string pointer; // where the configuration says it
  Mask mask = Mask::none;
};

struct Rule {
  std::vector<std::string> tenants, clients, channels, purposes; // empty: all
  std::vector<std::string> sections;                             // patterns
  std::optional<Assurance> assurance{};
  std::optional<std::chrono::seconds> max_age{};
  bool all_fields = true;
  bool passes_unknown = false; // also what the shape does not know
  FieldNode fields{};          // those named, with masks and needs
  std::vector<Mention> mentions{};
  std::string pointer; // "/policy/rules/0"

  // As a whole: for what a section asks besides.
  Challenge challenge(Assurance floor) const;
};

// policy: the configuration's part, which its schema has judged; what that refused is passed over in silence.
std::vector<Rule> read_rules(const json::TreeValue& policy, std::vector<json::Fault>& faults);

} // namespace plugboard::policy
