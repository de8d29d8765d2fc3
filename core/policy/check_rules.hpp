// Holds the rules of a configuration against what there is: sections, their shapes, purposes, clients. Every mistake is
// said with its place. At start and --check, never on the way of a request. Pure.
#pragma once

#include "core/policy/policy.hpp"

#include <set>

namespace plugboard::policy {

struct Known { // what rules may speak of
  const std::vector<PolicySection>& sections;
  std::set<std::string> tenants, clients, channels, purposes;
};

// faults: what can't be meant. warnings: names that no configured client has, since clients can be added while the hub
// runs; and rules that let nothing through.
void check_rules(const std::vector<Rule>& rules, const Known& known, std::vector<json::Fault>& faults,
                 std::vector<json::Fault>& warnings);

} // namespace plugboard::policy
