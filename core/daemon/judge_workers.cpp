#include "core/daemon/build.hpp"

namespace plugboard::daemon {

void judge_workers(const Config& config, const std::string& no_worker, std::vector<json::Fault>& faults) {
  std::string left_out;
  for (const wire::Layer layer : config.sandbox_without)
    left_out.append(left_out.empty() ? "" : ", ").append(wire::name_of(layer));
  bool said = no_worker.empty();
  for (const ConnectorConfig& connector : config.connectors) {
    if (connector.isolation == connector::Isolation::in_process) continue;
    if (!said)
      faults.push_back({connector.pointer, "needs a worker process, and " + no_worker +
                                               " (connectors that the hub itself shall run, and that are trusted as "
                                               "it is, say \"isolation\": \"in_process\")"});
    said = true; // once: it is the same for all
    if (connector.isolation == connector::Isolation::require && !left_out.empty())
      faults.push_back({connector.pointer + "/isolation",
                        "\"require\" wants every layer of the sandbox, and /sandbox/without leaves out " + left_out +
                            "; take one of the two away"});
  }
}

} // namespace plugboard::daemon
