// What would leave of a section, and why, for people: the rules that fit and those that do not, and the fate of each
// field. Also what a table of expectations is held against. Pure. [any thread]
#pragma once

#include "core/json/reader.hpp"
#include "core/policy/policy.hpp"

#include <functional>
#include <string>

namespace plugboard::policy {

// One JSON object. section: one of the policy's.
std::string explained(const Policy& policy, const Asker& asker, std::size_t section);

// "visible", "denied", "step_up_required", a mask's name, or "partly" where parts of it differ.
std::string fate_of(const std::vector<FieldRow>& rows, std::string_view field);

// Who a name stands for: the client with that tenant and id, as far as it is known.
struct Named {
  std::string tenant, client, channel, purpose;
  std::vector<std::string> sections;
};

using FindClient = std::function<std::optional<Named>(std::string_view tenant, std::string_view client)>;

struct Tested {
  std::size_t expectations = 0, failed = 0;
  std::string page; // a JSON object with each that failed
};

// table: {"expectations": [{"client", "tenant"?, "purpose"?, "assurance", "age_s"?, "section", "verdict"?,
// "fields"?: {POINTER: FATE}}]}. Error: invalid_argument, with the place of what is wrong in the table itself.
Result<Tested> test_policy(const Policy& policy, json::Value table, const FindClient& find);

} // namespace plugboard::policy
