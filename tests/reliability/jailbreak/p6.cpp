// P6: a plugin that tries to get out gets nowhere. The real hub runs the probe as any other connector, with all walls,
// with Landlock left out and with user namespaces left out; as root, and as an ordinary user. Nothing may get through,
// and each attempt must be refused by a layer that walls.txt names for it and that the admin API says is there. A
// connector with "isolation": "require" does not start with a layer missing.
#include "tests/reliability/jailbreak/prey.hpp"
#include "tests/reliability/jailbreak/rulebook.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace plugboard::jailbreak {
namespace {

namespace fs = std::filesystem;
using test::Showing;
using wire::Layer;

constexpr std::size_t kLeastAttempts = 45;

std::string quoted(const LayerSet& layers) {
  std::string list;
  for (const Layer layer : layers) list += (list.empty() ? "\"" : ", \"") + std::string(wire::name_of(layer)) + "\"";
  return list;
}

// An ordinary user has no other namespace without one of users.
LayerSet standing(const LayerSet& without) {
  LayerSet present;
  for (const Layer layer : all_layers())
    if (!without.contains(layer)) present.insert(layer);
  if (::geteuid() != 0 && without.contains(Layer::user))
    for (const Layer layer : {Layer::pid, Layer::network, Layer::ipc, Layer::mount, Layer::rlimits})
      present.erase(layer);
  return present;
}

class Prison {
 public:
  Prison(const LayerSet& without, const std::string& isolation);

  bool start() { return hub_.start(); }

  std::string log() const { return hub_.raw_log(); }

  LayerSet exported();                // the layers that stand around the probe, as an administrator is told
  Walk walk(const LayerSet& present); // of the probe, through all of its attempts

 private:
  static test::HubConfig config(const LayerSet& without, const std::string& isolation, const std::string& plugins);

  test::TempFolder plugins_;
  test::HubProcess hub_;
  Prey prey_{0};
};

test::HubConfig Prison::config(const LayerSet& without, const std::string& isolation, const std::string& plugins) {
  test::HubConfig config;
  fs::copy(config.plugins_dir + "/jwt", plugins + "/jwt", fs::copy_options::recursive);
  fs::create_directories(plugins + "/probe/1.0.0");
  fs::copy(PROBE, plugins + "/probe/1.0.0/probe.so");
  config.plugins_dir = plugins;
  config.more = R"("sandbox": {"without": [)" + quoted(without) + "]},";
  config.environment["HUBS_SECRET"] = "of the hub's environment";
  config.add("probe", R"({"plugin": "probe", "isolation": ")" + isolation +
                          R"(", "timeout_ms": 20000, "grants": {"files": ["ro:granted/"]}})");
  return config;
}

Prison::Prison(const LayerSet& without, const std::string& isolation)
    : hub_(config(without, isolation, plugins_.path())) {
  ::chmod(hub_.folder().path().c_str(), 0755);
  hub_.folder().write("granted/table", "granted");
  ::chmod((hub_.folder() / "granted").c_str(), 0777); // so that only walls keep it from being written
}

LayerSet Prison::exported() {
  const auto page = test::Json::parse(hub_.admin("/admin/v1/connectors").body);
  LayerSet layers;
  for (std::size_t i = 0; i < page.size("/connectors"); ++i) {
    const std::string at = "/connectors/" + std::to_string(i);
    if (page.text(at + "/name") != "probe") continue;
    for (const std::string& name : page.texts(at + "/worker/layers/present")) layers.insert(*wire::layer_named(name));
  }
  return layers;
}

Walk Prison::walk(const LayerSet& present) {
  const bool own_root = present.contains(Layer::mount);
  const std::string folder = hub_.folder().path();
  auto targets = prey_.targets();
  targets["hub_pid"] = std::to_string(hub_.process().pid());
  targets["launcher_pid"] = targets["hub_pid"];
  targets["key"] = folder + "/keys/k1";
  targets["configuration"] = hub_.config_file();
  targets["other_plugin"] = plugins_ / "jwt/1.0.0/jwt.so";
  targets["own_code"] = own_root ? "/plugin.so" : plugins_ / "probe/1.0.0/probe.so";
  targets["granted"] = own_root ? wire::folder_in_worker(0) : folder + "/granted";
  targets["socket_path"] = hub_.admin_socket();
  targets["tcp_port"] = std::to_string(hub_.port());
  for (const auto& entry : fs::directory_iterator(folder + "/var"))
    if (entry.path().extension() == ".db") targets["database"] = entry.path();
  const auto context = hub_.context(hub_.session(), R"(, "deadline_ms": 20000, "sections": [{"name": "probe.attempts",
      "params": )" + as_json(targets) + "}]");
  if (context.text("/sections/probe.attempts/status") != "ok")
    throw std::runtime_error("the probe did not come back: " + context.dump() + log());
  Walk walk;
  walk.present = present;
  for (const std::string& name : context.names("/sections/probe.attempts/data"))
    if (name != "customer") walk.met[name] = static_cast<int>(context.integer("/sections/probe.attempts/data/" + name));
  return walk;
}

// What is wrong at one level, a line each, then how many attempts there were.
int show_level(const std::string& name) {
  LayerSet without;
  if (name != "full") without.insert(*wire::layer_named(name));
  Prison prison(without, "worker");
  if (!prison.start()) throw std::runtime_error("the hub did not start: " + prison.log());
  const Rulebook rules = read_rulebook();
  const LayerSet present = prison.exported();
  for (const Layer layer : standing(without))
    if (layer != Layer::cgroup && !present.contains(layer)) // which few may make
      std::cout << wire::name_of(layer) << " does not stand, or is not exported\n";
  for (const Layer layer : without)
    if (present.contains(layer)) std::cout << wire::name_of(layer) << " is exported, but was left out\n";
  const Walk walk = prison.walk(present);
  std::cout << escapes(walk) << faults(rules, walk);
  for (const auto& [attempt, rule] : rules) {
    bool named = rule.by_nothing;
    for (const Layer layer : rule.refused_by) named = named || walk.present.contains(layer);
    if (!named) std::cout << attempt << " is refused by no layer that has a name\n";
  }
  std::cout << "attempts " << walk.met.size() << "\n";
  return 0;
}

// With a layer left out, "require" refuses and names it; else it starts, or names what this machine lacks.
int show_require() {
  Prison lacking({Layer::landlock}, "require"), whole({}, "require");
  if (lacking.start()) std::cout << "\"require\" started without Landlock\n";
  if (lacking.log().find("leaves out landlock") == std::string::npos)
    std::cout << "\"require\" did not name Landlock: " << lacking.log() << "\n";
  if (!whole.start() && whole.log().find("wants every layer") == std::string::npos)
    std::cout << "\"require\" did not say what is missing: " << whole.log() << "\n";
  std::cout << "attempts 0\n";
  return 0;
}

void show_one(Showing& showing, const std::string& level, std::vector<std::string> command, const std::string& whose) {
  command.insert(command.end(), {fs::read_symlink("/proc/self/exe"), "--level", level});
  test::Process process(command);
  const auto code = process.wait(std::chrono::minutes(3));
  const std::string which = level + ", as " + whose + ": ";
  showing.holds(code == 0, which + "ended with " + std::to_string(code.value_or(-1)) + " " + process.err());
  std::istringstream lines(process.out());
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("attempts ")) {
      showing.fail(which + line);
      continue;
    }
    const std::int64_t attempts = std::stoll(line.substr(9));
    showing.holds(level == "require" || attempts >= static_cast<std::int64_t>(kLeastAttempts), which + line);
    showing.count("attempts", attempts);
    showing.count(level == "require" ? "refusals of a layer missing" : "levels");
  }
}

std::string show(Showing& showing) {
  const std::string self = fs::read_symlink("/proc/self/exe");
  const std::vector<std::string> nobody{"/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"};
  const bool root = ::geteuid() == 0;
  bool as_other = root;
  if (root) {
    auto reach = nobody;
    reach.insert(reach.end(), {"/usr/bin/test", "-x", self});
    as_other = test::Process(reach).wait() == 0;
    if (!as_other) showing.skip("as an ordinary user, who cannot come to " + self);
  }
  for (const char* level : {"full", "landlock", "user", "require"}) {
    show_one(showing, level, {}, root ? "root" : "an ordinary user");
    if (as_other) show_one(showing, level, nobody, "an ordinary user");
  }
  if (!root) showing.skip("as root");
  const auto counted = [&](const char* what) { return std::to_string(showing.counted(what)); };
  return counted("attempts") + " attempts at " + counted("levels") +
         " levels (all walls, without Landlock, without user " +
         "namespaces; as root and as an ordinary user), none got through";
}

} // namespace
} // namespace plugboard::jailbreak

int main(int argc, char** argv) {
  using namespace plugboard;
  if (argc == 3 && argv[1] == std::string("--level")) {
    const std::string level = argv[2];
    return level == "require" ? jailbreak::show_require() : jailbreak::show_level(level);
  }
  return test::show_promise(argc, argv, "P6", jailbreak::show);
}
