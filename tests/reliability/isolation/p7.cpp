// P7: no plugin runs inside the hub unless its operator wrote so; where one does, the admin API, the metrics and the
// command line say it; and what it throws never crosses the border.
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/temp_folder.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace plugboard::test {

namespace {

namespace fs = std::filesystem;

constexpr const char* kInside = R"("isolation": "in_process", )";
constexpr const char* kSection = R"({"record": {"shape": "record/v1", "needs": [["customer_id"]], "url": "/x",
  "mapping": "identity"}})";

std::string without(std::string text, const std::string& piece) {
  const auto at = text.find(piece);
  if (at == std::string::npos) throw std::runtime_error("there is no " + piece + " in " + text);
  return text.erase(at, piece.size());
}

// Of the connectors, with nothing said of isolation.
HubConfig silent() {
  HubConfig config;
  config.login = without(config.login, kInside);
  config.add("shop", without(rest_connector(1, kSection), kInside));
  return config;
}

std::string read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// How many plugins' code is mapped in the hub: a sealed memfd that can be executed.
int mapped_in(HubProcess& hub) {
  std::istringstream maps(read("/proc/" + std::to_string(hub.process().pid()) + "/maps"));
  int mapped = 0;
  for (std::string line; std::getline(maps, line);)
    if (line.find("memfd:") != std::string::npos && line.find("r-x") != std::string::npos) ++mapped;
  return mapped;
}

std::string said(HubProcess& hub, std::vector<std::string> words) {
  words.insert(words.begin(), {COMMAND_LINE, "--server", "http://127.0.0.1:" + std::to_string(hub.port()), "--admin",
                               hub.admin_socket()});
  Process process(words, {{"PLUGBOARD_KEY", kDesk}});
  process.wait();
  return process.out() + process.err();
}

bool has(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

class Shown {
 public:
  explicit Shown(Showing& showing) : showing_(showing) {}

  std::string run() {
    off_by_default();
    seen_where_it_is();
    a_word_that_is_none();
    throwing_at_start();
    for (const char* how : {"exception", "string", "int"}) throwing_always(how, showing_.full ? 1'000 : 50);
    throwing_always("int", 1); // few enough for the log to say everything
    const auto counted = [&](const char* what) { return std::to_string(showing_.counted(what)); };
    return counted("connectors with nothing said") + " connectors with nothing said in workers, " + counted("banners") +
           " banners where one runs in the hub, " + counted("throws") + " exceptions that ended at the border";
  }

 private:
  void start(HubProcess& hub) const {
    if (!hub.start()) throw std::runtime_error("the hub does not start: " + hub.raw_log());
  }

  void off_by_default() {
    HubProcess hub(silent());
    start(hub);
    const auto list = hub.admin("/admin/v1/connectors").json();
    for (std::size_t i = 0; i < list.size("/connectors"); ++i) {
      const auto at = "/connectors/" + std::to_string(i);
      showing_.holds(list.text(at + "/isolation") == "worker" && list.text(at + "/worker/state") == "up",
                     "with nothing said it is no worker: " + list.dump(at));
      showing_.count("connectors with nothing said");
    }
    showing_.holds(mapped_in(hub) == 0, "code of a plugin is mapped in the hub, though nobody wrote so");
    showing_.holds(!has(hub.admin("/metrics").body, "\"in_process\""), "the metrics cry in vain");
    for (const auto& text :
         {hub.admin("/admin/v1/connectors").body, said(hub, {"connector", "list"}), said(hub, {"doctor"})})
      showing_.holds(!has(text, "in_process") && !has(text, "inside the hub"), "cried in vain: " + text);
    hub.stop();
  }

  void seen_where_it_is() {
    auto config = silent();
    config.login = HubConfig().login; // the one that is written
    HubProcess hub(config);
    start(hub);
    showing_.holds(mapped_in(hub) == 1, "not one plugin is mapped in the hub, but " + std::to_string(mapped_in(hub)));
    const auto list = hub.admin("/admin/v1/connectors").json();
    const auto banner = [&](bool there, const std::string& where) {
      if (showing_.holds(there, "no banner in " + where)) showing_.count("banners");
    };
    banner(list.has("/banner") && has(list.text("/banner"), "inside the hub") && has(list.text("/banner"), "login") &&
               !has(list.text("/banner"), "own: login, "),
           "the admin API");
    banner(list.has("/connectors/0/banner") && has(list.text("/connectors/0/banner"), "inside the hub"),
           "the admin API's connector");
    const auto metrics = hub.admin("/metrics").body;
    banner(has(metrics, R"(plugboard_connector_isolation{connector="login",isolation="in_process"} 1)") &&
               has(metrics, R"(plugboard_connector_isolation{connector="shop",isolation="worker"} 1)"),
           "the metrics");
    banner(has(said(hub, {"connector", "list"}), "in_process!"), "connector list");
    banner(has(said(hub, {"connector", "show", "login"}), "inside the hub"), "connector show");
    banner(has(said(hub, {"doctor"}), "warning  connector login: runs inside the hub"), "doctor");
    hub.stop();
  }

  // It is the operator's one word, spelt so: anything else is refused, never taken for it.
  void a_word_that_is_none() {
    for (const char* word : {R"("inprocess")", R"("IN_PROCESS")", R"("none")", "true", "null"}) {
      auto config = silent();
      config.login.insert(1, R"("isolation": )" + std::string(word) + ", ");
      HubProcess hub(config);
      showing_.holds(!hub.start() && has(hub.raw_log(), "/connectors/login/isolation"),
                     std::string(word) + " is taken for an isolation");
    }
  }

  HubConfig with_bad(const std::string& name, const TempFolder& plugins) const {
    auto config = silent();
    fs::copy(config.plugins_dir, plugins.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::create_directories(plugins / (name + "/1.0.0"));
    fs::copy(std::string(BAD_PLUGINS_FOLDER) + "/" + name + ".so", plugins / (name + "/1.0.0/" + name + ".so"));
    config.plugins_dir = plugins.path();
    return config.add("bad", R"({"plugin": ")" + name + R"(", "isolation": "in_process"})");
  }

  void throwing_at_start() {
    const TempFolder plugins;
    HubProcess hub(with_bad("create_throws", plugins));
    showing_.holds(!hub.start() && hub.process().ended() == 1 && has(hub.raw_log(), "/connectors/bad"),
                   "a plugin that throws when it is created is not refused: " + hub.raw_log());
    showing_.count("throws");
  }

  // In every call, in cancel, stop and destroy, through the table of C functions itself.
  void throwing_always(const std::string& how, int calls) {
    const TempFolder plugins;
    HubProcess hub(with_bad("throws_everywhere", plugins));
    start(hub);
    const auto session = hub.session();
    for (int i = 0; i < calls; ++i) {
      const auto context = hub.context(session, R"(, "sections": [{"name": "bad.contact", "params": {"throw": ")" +
                                                    how + R"("}}], "deadline_ms": 10000)");
      showing_.holds(context.text("/sections/bad.contact/error/reason") == "plugin_failed",
                     "what it threw became " + context.dump());
      showing_.count("throws");
    }
    showing_.holds(hub.get("/readyz").status == 200, "the hub is not ready any more");
    showing_.holds(hub.stop() == 0, "the hub ended badly: " + hub.raw_log());
    if (calls == 1)
      showing_.holds(hub.events("plugin.protocol").size() >= 2,
                     "nothing is said of a stop and a destroy that threw: " + hub.raw_log());
    showing_.count("throws", 2);
  }

  Showing& showing_;
};

std::string show(Showing& showing) {
  return Shown(showing).run();
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P7", plugboard::test::show);
}
