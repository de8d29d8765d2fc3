// P9: a plugin that was built from a frozen version of the headers, and one from a version that is yet to come, are
// loaded and serve, in process and in a worker; of one with another major not an instruction runs; the headers compile
// in each language, and nothing of them has changed since they were frozen.
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/json.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <filesystem>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kIsolations[] = {"in_process", "worker"};
constexpr int kRounds = 20;
constexpr const char* kKey = "a key that the upstream wants to see";

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

// Runs it; whether it ended well. What it wrote is the failure's text.
bool runs(Showing& showing, const std::vector<std::string>& command, const std::string& what) {
  Process process(command);
  const bool well = process.wait(std::chrono::minutes(2)) == 0;
  return showing.holds(well, what + ": " + process.err().substr(0, 2000) + process.out().substr(0, 500));
}

class OtherDays {
 public:
  explicit OtherDays(Showing& showing) : showing_(showing), days_(names_in(PLUGINS_OF_OTHER_DAYS)) {
    upstream_.on("/profile", [](const UpstreamRequest& request) {
      const auto key = request.headers.find("x-key");
      if (key == request.headers.end() || key->second != kKey) return UpstreamReply{.status = 401};
      return UpstreamReply{.body = R"({"customer_id": "1001", "said": "as then"})"};
    });
  }

  void serve() {
    HubConfig config = with_all();
    for (const char* isolation : kIsolations)
      for (const auto& day : days_) config.add(name_of(day, isolation), connector(day, isolation));
    HubProcess hub(config);
    if (!showing_.holds(hub.start(), "the hub does not start: " + hub.raw_log())) return;
    const auto session = hub.session();
    for (int round = 0; round < kRounds; ++round) {
      const auto context = hub.context(session, R"(, "deadline_ms": 10000)");
      for (const char* isolation : kIsolations)
        for (const auto& day : days_) hold(context, name_of(day, isolation) + ".profile");
    }
    for (const char* isolation : kIsolations)
      for (const auto& day : days_)
        showing_.holds(eventually([&] { return counted(hub, day, name_of(day, isolation)); }),
                       name_of(day, isolation) + " did not count what it was asked");
    showing_.holds(hub.stop() == 0, "the hub did not end well");
    showing_.holds(hub.log_faults().empty(), hub.log_faults());
  }

  // A constructor of it would leave a file, whoever ran it.
  void refuse_another_major() {
    for (const char* isolation : kIsolations) {
      HubConfig config = with_all();
      const TempFolder traces;
      config.environment["PLUGBOARD_BAD_PLUGIN_MARKER"] = traces / "ran";
      config.add("other", R"({"plugin": "major_2", "isolation": ")" + std::string(isolation) + R"("})");
      HubProcess hub(config);
      showing_.holds(!hub.start(), "a hub started with a plugin of ABI 2");
      showing_.holds(hub.raw_log().find("was built for ABI 2.0; this hub speaks 1.") != std::string::npos,
                     "nobody said what is wrong with it: " + hub.raw_log());
      showing_.holds(!fs::exists(traces / "ran"), std::string(isolation) + ": something of it ran");
      showing_.count("refused");
    }
  }

  std::string said() const {
    std::string all;
    for (const auto& day : days_) all += (all.empty() ? "" : ", ") + day;
    return all;
  }

 private:
  static std::string name_of(const std::string& day, const std::string& isolation) { return day + "_" + isolation; }

  static bool counted(HubProcess& hub, const std::string& plugin, const std::string& connector) {
    const auto series = "plugboard_plugin_" + plugin + "_asked_total{connector=\"" + connector + "\"} ";
    return hub.admin("/metrics").body.find(series + std::to_string(kRounds)) != std::string::npos;
  }

  HubConfig with_all() {
    HubConfig config;
    fs::copy(config.plugins_dir, plugins_.path(), fs::copy_options::recursive | fs::copy_options::skip_existing);
    fs::copy(PLUGINS_OF_OTHER_DAYS, plugins_.path(), fs::copy_options::recursive | fs::copy_options::skip_existing);
    fs::create_directories(plugins_ / "major_2/1.0.0");
    fs::copy_file(std::string(BAD_PLUGINS) + "/major_2.so", plugins_ / "major_2/1.0.0/major_2.so",
                  fs::copy_options::skip_existing);
    config.plugins_dir = plugins_.path();
    config.environment["OTHER_DAYS_KEY"] = kKey;
    return config;
  }

  std::string connector(const std::string& plugin, const std::string& isolation) {
    const std::string origin = "127.0.0.1:" + std::to_string(upstream_.port());
    return R"({"plugin": ")" + plugin + R"(", "isolation": ")" + isolation + R"(", "config": {"url": "http://)" +
           origin + R"(/profile", "key": {"env": "OTHER_DAYS_KEY"}}, "grants": {"egress": ["http:)" + origin +
           R"("]}})";
  }

  void hold(const Json& context, const std::string& section) {
    const auto at = "/sections/" + section;
    showing_.count("sections");
    showing_.holds(context.text(at + "/status") == "ok" && context.text(at + "/data/said") == "as then",
                   section + " was " + context.dump(at));
  }

  Showing& showing_;
  const std::vector<std::string> days_;
  TempFolder plugins_;
  Upstream upstream_;
};

void compile(Showing& showing) {
  const std::string source = std::string(TESTS_OF_THE_ABI) + "/headers.c";
  const auto with = [&](const char* compiler, const std::string& language, const std::string& standard) {
    showing.count("standards");
    runs(showing,
         {compiler, "-x", language, "-std=" + standard, "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
          "-I", SDK_INCLUDE, source},
         "as " + standard);
  };
  for (const char* standard : {"c11", "c17"}) with(C_COMPILER, "c", standard);
  for (const char* standard : {"c++11", "c++14", "c++17", "c++20"}) with(CXX_COMPILER, "c++", standard);
}

void compare(Showing& showing) {
  const std::string frozen = std::string(TESTS_OF_THE_ABI) + "/frozen/";
  for (const auto& version : names_in(frozen)) {
    showing.count("versions frozen");
    runs(showing,
         {PYTHON, "-B", std::string(TESTS_OF_THE_ABI) + "/diff.py", "--cc", C_COMPILER, "--frozen", frozen + version,
          "--now", SDK_INCLUDE},
         "since " + version);
  }
}

std::string show(Showing& showing) {
  OtherDays others(showing);
  others.serve();
  others.refuse_another_major();
  compile(showing);
  compare(showing);
  const auto number = [&](const std::string& what) { return std::to_string(showing.counted(what)) + " " + what; };
  return number("sections") + " by plugins " + others.said() + ", in process and in workers; " + number("refused") +
         " of another major, nothing of them ran; " + number("standards") + " compile; nothing changed since " +
         number("versions frozen");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P9", plugboard::test::show);
}
