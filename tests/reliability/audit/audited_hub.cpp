#include "tests/reliability/audit/audited_hub.hpp"

#include "core/audit/lines.hpp"

#include <stdexcept>

namespace plugboard::test {

HubConfig audited_hub(Upstream& upstream, const std::string& audit) {
  for (const char* path : {"/profile", "/orders", "/song"})
    upstream.on(path, UpstreamReply{.body = R"({"known": true})"});
  HubConfig config;
  config.more = R"("drain_ms": 500,)" + audit;
  config.add("shop", rest_connector(upstream.port(), R"({"profile": )" + rest_section("/profile") + R"(, "orders": )" +
                                                         rest_section("/orders") + "}"));
  config.add("canary", rest_connector(upstream.port(), R"({"song": )" + rest_section("/song") + "}"));
  return config;
}

Told plugboard_says(const std::vector<std::string>& words) {
  std::vector<std::string> command{COMMAND_LINE};
  command.insert(command.end(), words.begin(), words.end());
  Process process(command);
  const auto code = process.wait(std::chrono::minutes(2));
  if (!code) throw std::runtime_error("the command line does not end");
  return {*code, process.out(), process.err()};
}

std::vector<std::string> records_of(const HubProcess& hub) {
  std::vector<std::string> records;
  auto folder = audit::look_into_folder(hub.folder() / "var/audit");
  if (!folder) throw std::runtime_error(folder.error().message);
  const auto names = audit::list_segments(**folder);
  for (const auto& name : *names) {
    audit::Lines lines(**folder, name, 0, *(*folder)->size(name));
    for (auto line = lines.next(); line && *line; line = lines.next()) records.emplace_back(**line);
  }
  return records;
}

} // namespace plugboard::test
