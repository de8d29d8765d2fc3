#include "core/daemon/build.hpp"
#include "core/policy/check_rules.hpp"

namespace plugboard::daemon {

policy::PolicyPtr judge_policy(const Config& config, Judged& judged, std::vector<policy::PolicySection> sections,
                               std::vector<json::Fault>& faults) {
  policy::Known known{sections, {}, {}, {}, {config.purposes.begin(), config.purposes.end()}};
  for (const auto& [client, key, previous_key, certificate, pointer] : config.clients) {
    known.tenants.insert(client.tenant);
    known.clients.insert(client.id);
    known.channels.insert(client.channel);
  }
  if (config.policy)
    policy::check_rules(*config.policy, known, faults, judged.warnings);
  else
    judged.warnings.push_back({"/policy", "is left out: each client sees the sections that it may name whole; say who "
                                          "may see what, for which purpose"});
  const auto key = judged.keys.find(config.current_key);
  auto pseudonyms =
      key == judged.keys.end() ? nullptr : std::make_shared<const policy::Pseudonyms>(config.current_key, key->second);
  return std::make_shared<const policy::Policy>(std::move(sections), config.policy, std::move(pseudonyms));
}

} // namespace plugboard::daemon
