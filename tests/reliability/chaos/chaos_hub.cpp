#include "tests/reliability/chaos/chaos_hub.hpp"

#include <filesystem>

namespace plugboard::test {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kInProcess = "\"isolation\": \"in_process\"", kWorker = "\"isolation\": \"worker\"";

} // namespace

std::string why_no_workers() {
  const ChaosPlugins plugins;
  HubConfig config;
  config.plugins_dir = plugins.path();
  HubProcess hub(config.add("chaos", chaos_connector(Isolation::worker)));
  if (hub.start()) return {};
  const auto log = hub.raw_log();
  return log.find("no workers yet") == log.npos ? std::string() : "connectors in workers: this hub has none yet";
}

ChaosPlugins::ChaosPlugins() {
  for (const std::string& from : {HubConfig().plugins_dir, std::string(CHAOS_PLUGINS)})
    for (const auto& plugin : fs::directory_iterator(from))
      fs::create_directory_symlink(plugin.path(), fs::path(folder_.path()) / plugin.path().filename());
}

std::string chaos_connector(Isolation isolation, std::string_view config, std::string_view more,
                            std::string_view plugin) {
  return "{\"plugin\": \"" + std::string(plugin) + "\", " +
         std::string(isolation == Isolation::worker ? kWorker : kInProcess) + ", " + std::string(more) +
         "\"config\": " + std::string(config) + "}";
}

std::string isolated(std::string connector, Isolation isolation) {
  const auto at = connector.find(kInProcess);
  if (isolation == Isolation::worker && at != connector.npos) connector.replace(at, kInProcess.size(), kWorker);
  return connector;
}

} // namespace plugboard::test
