// P8: an upgrade, or the way back, while 300 requests a second run: none fails, none is answered by two versions, none
// that was sent after the change was acknowledged is answered by the old one; what runs is the build that was
// inspected; the old workers go; a version that does not start leaves the old one in its place.
#include "tests/bench/load.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/json.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>
#include <unordered_map>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* kPlugins[] = {"plain", "unique", "thread_local", "thread", "atexit"};
constexpr double kRate = 300;
constexpr int kWarmUp = 6; // cycles after which what is kept for good has been made

// Two versions whose files cannot be told apart by name, size or time.
class Plugins {
 public:
  Plugins() {
    fs::copy(HubConfig().plugins_dir, folder_.path(), fs::copy_options::recursive);
    fs::copy(UPGRADE_PLUGINS, folder_.path(), fs::copy_options::recursive);
    const auto now = fs::file_time_type::clock::now();
    for (const auto& file : fs::recursive_directory_iterator(folder_.path()))
      if (file.is_regular_file()) fs::last_write_time(file.path(), now);
  }

  const std::string& path() const { return folder_.path(); }

 private:
  TempFolder folder_;
};

std::string version_of(int turn) {
  return turn % 2 == 0 ? "1.0.0" : "2.0.0";
}

HubConfig config_of(const Plugins& plugins, const std::string& version, const std::string& isolation) {
  HubConfig config;
  config.plugins_dir = plugins.path();
  for (const std::string plugin : kPlugins)
    config.add(plugin, R"({"plugin": "upgrade_)" + plugin + "@" + version + R"(", "isolation": ")" + isolation +
                           R"(", "config": {}})");
  return config;
}

// Each request remembers which version was acknowledged when it was sent.
class Agents final : public bench::Caller {
 public:
  Agents(Showing& showing, std::string session)
      : showing_(showing), body_(R"({"session": ")" + session + R"(", "deadline_ms": 5000})") {}

  void acknowledged(std::string version) {
    sure_ = std::move(version);
    ++change_;
  }

  void changing() { sure_.clear(); } // either may answer from now on

  void expect(std::set<std::string> builds) { builds_ = std::move(builds); }

 private:
  bench::Ask next() override {
    under_way_[++last_] = {sure_, change_};
    return {bench::post("/v1/context", kDesk, body_), last_};
  }

  void answered(std::uint64_t tag, const bench::Message& answer, bench::Nanoseconds) override {
    const auto sent = under_way_.extract(tag).mapped();
    showing_.count("requests");
    std::set<std::string> versions;
    std::size_t sections = 0;
    for (const char* version : {"1.0.0", "2.0.0", "3.0.0"}) {
      const auto said = bench::times(answer.body, R"("data":{"version":")" + std::string(version) + "\"");
      if (said > 0) versions.insert(version);
      sections += said;
    }
    if (answer.status() != 200 || sections != 3 * std::size(kPlugins))
      return showing_.count("failed"), showing_.fail(std::string(answer.body.substr(0, 600)));
    if (versions.size() != 1) return showing_.count("mixed"), showing_.fail("two versions answered one request");
    if (!sent.sure.empty() && sent.change == change_ && !versions.contains(sent.sure) && !sure_.empty())
      showing_.count("old after the change"), showing_.fail("the old version answered after the change");
    std::size_t known = 0;
    for (const auto& build : builds_) known += bench::times(answer.body, R"("build":")" + build + "\"");
    showing_.holds(known == sections, "a build answered that is not in the hub's list");
  }

  void unanswered(std::uint64_t tag) override {
    under_way_.erase(tag);
    showing_.count("failed");
    showing_.fail("a connection was closed instead of an answer");
  }

  struct Sent {
    std::string sure;
    int change = 0;
  };

  Showing& showing_;
  const std::string body_;
  std::string sure_;
  int change_ = 0;
  std::set<std::string> builds_;
  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, Sent> under_way_;
};

std::string first_line(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

std::size_t launchers_of(pid_t hub) {
  std::size_t count = 0;
  std::error_code ignored;
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(hub) + "/task", ignored)) {
    std::istringstream children(first_line(task.path() / "children"));
    for (std::string child; children >> child;) ++count;
  }
  return count;
}

struct Footprint {
  double resident_kb = 0, maps = 0;
};

Footprint footprint_of(pid_t hub) {
  const std::string folder = "/proc/" + std::to_string(hub);
  Footprint print;
  std::istringstream pages(first_line(folder + "/statm"));
  double all = 0;
  pages >> all >> print.resident_kb;
  print.resident_kb *= 4;
  std::ifstream maps(folder + "/maps");
  for (std::string line; std::getline(maps, line);) ++print.maps;
  return print;
}

double median_of(std::vector<Footprint>::const_iterator from, std::vector<Footprint>::const_iterator to,
                 double Footprint::*member) {
  std::vector<double> values;
  for (; from != to; ++from) values.push_back((*from).*member);
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

class Upgrades {
 public:
  Upgrades(Showing& showing, std::string isolation)
      : showing_(showing), isolation_(std::move(isolation)), hub_(config_of(plugins_, version_of(0), isolation_)) {}

  void run(int cycles) {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    Agents agents(showing_, hub_.session());
    agents.expect(builds());
    agents.acknowledged(version_of(0));
    bench::Loop loop;
    bench::Load load(loop, {hub_.port(), 16, kRate, showing_.random()}, agents);
    load.run(seconds(1));
    std::vector<Footprint> seen; // since it is warm
    for (int turn = 1; turn <= cycles; ++turn) {
      change(agents, load, version_of(turn));
      load.run(milliseconds(500));
      await_old_workers(load);
      if (turn >= std::min(kWarmUp, cycles)) seen.push_back(footprint_of(hub_.process().pid()));
      showing_.count("upgrades");
    }
    judge(seen, cycles);
    stays_with_the_old(load);
    load.run(seconds(1));
    showing_.holds(hub_.stop() == 0, "the hub did not end well");
  }

 private:
  std::set<std::string> builds() {
    std::set<std::string> found;
    const std::string list = hub_.admin("/admin/v1/plugins").body;
    for (auto at = list.find("\"build_id\":\""); at != list.npos; at = list.find("\"build_id\":\"", at + 1))
      found.insert(list.substr(at + 12, list.find('"', at + 12) - at - 12));
    return found;
  }

  std::int64_t generation() { return std::stoll(after(hub_.admin("/admin/v1/connectors").body, "\"generation\":")); }

  static std::string after(const std::string& text, const std::string& mark) {
    const auto at = text.find(mark);
    return at == text.npos ? "-1" : text.substr(at + mark.size(), 20);
  }

  void send(const std::string& version) {
    hub_.folder().write("plugboard.json", config_of(plugins_, version, isolation_).text());
    hub_.process().send(SIGHUP);
  }

  void change(Agents& agents, bench::Load& load, const std::string& version) {
    const auto before = generation();
    agents.changing();
    send(version);
    const auto until = bench::now() + seconds(30);
    while (generation() == before && bench::now() < until) load.run(milliseconds(10));
    if (!showing_.holds(generation() != before, "a reload was not served: " + hub_.raw_log().substr(0, 2000))) return;
    agents.acknowledged(version);
  }

  void await_old_workers(bench::Load& load) {
    const std::size_t expected = isolation_ == "worker" ? std::size(kPlugins) : 0;
    const auto until = bench::now() + seconds(10);
    while (launchers_of(hub_.process().pid()) > expected && bench::now() < until) load.run(milliseconds(20));
    const auto left = launchers_of(hub_.process().pid());
    showing_.holds(left == expected, std::to_string(left) + " workers are there, not " + std::to_string(expected));
  }

  void stays_with_the_old(bench::Load& load) {
    const auto refused = hub_.events("hub.reload_refused").size();
    send("3.0.0");
    const auto until = bench::now() + seconds(20);
    while (hub_.events("hub.reload_refused").size() == refused && bench::now() < until) load.run(milliseconds(50));
    showing_.holds(hub_.events("hub.reload_refused").size() > refused, "a version that cannot start was not refused");
    showing_.holds(hub_.raw_log().find("this version cannot start") != std::string::npos, "nobody said why");
    load.run(milliseconds(500));
  }

  // The last third beside the first: one footprint alone says how much was under way when it was taken.
  void judge(const std::vector<Footprint>& seen, int cycles) {
    const std::size_t third = std::max<std::size_t>(1, seen.size() / 3);
    const double allowed = 1 + 0.01 * std::max(1.0, cycles / 100.0);
    const auto compare = [&](const char* what, double Footprint::*member) {
      const double early = median_of(seen.begin(), seen.begin() + static_cast<std::ptrdiff_t>(third), member);
      const double late = median_of(seen.end() - static_cast<std::ptrdiff_t>(third), seen.end(), member);
      showing_.holds(late <= early * allowed,
                     isolation_ + ": " + what + " grew from " + std::to_string(early) + " to " + std::to_string(late));
    };
    compare("maps", &Footprint::maps);
    compare("resident memory (kB)", &Footprint::resident_kb);
  }

  Showing& showing_;
  const std::string isolation_;
  const Plugins plugins_;
  HubProcess hub_;
};

std::string show(Showing& showing) {
  const int cycles = showing.full ? 200 : 20;
  for (const char* isolation : {"worker", "in_process"}) Upgrades(showing, isolation).run(cycles);
  const auto number = [&](const std::string& what) { return std::to_string(showing.counted(what)) + " " + what; };
  return number("upgrades") + " under " + number("requests") + ", " + number("failed") + ", " + number("mixed") + ", " +
         number("old after the change");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P8", plugboard::test::show);
}
