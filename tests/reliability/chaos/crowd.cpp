#include "tests/reliability/chaos/crowd.hpp"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <thread>

namespace plugboard::test {

namespace {

constexpr std::chrono::seconds kUntilAtRest{90};
constexpr std::chrono::seconds kUntilGivenBack{22}; // two looks of the hub at its memory

std::string said(const HubFigures& figures) {
  return std::to_string(figures.resident_kb) + " kB resident, " + std::to_string(figures.heap_kb) + " kB in use, " +
         std::to_string(figures.descriptors) + " descriptors, " + std::to_string(figures.threads) + " threads, " +
         std::to_string(figures.processes) + " processes, " + std::to_string(figures.zombies) + " zombies";
}

bool no_more(std::int64_t now, std::int64_t then) {
  constexpr double kPart = 1.02;
  return static_cast<double>(now) <= static_cast<double>(then) * kPart + 0.5;
}

} // namespace

Crowd::Crowd(Showing& showing) : showing_(showing), bystanders_(Isolation::worker) {}

void Crowd::add(const std::string& name, std::string_view config, std::string_view more, std::string_view plugin) {
  chaos_.push_back({name, chaos_connector(Isolation::worker, config, more, plugin)});
}

void Crowd::remove(const std::string& name) {
  std::erase_if(chaos_, [&](const Chaos& chaos) { return chaos.name == name; });
}

HubConfig Crowd::config() const {
  HubConfig config;
  config.plugins_dir = plugins_.path();
  config.environment["LD_PRELOAD"] = PLUGBOARD_HEAP_LEVEL_LIBRARY;
  config.environment["PLUGBOARD_HEAP_LEVEL"] = figures_ / "heap";
  bystanders_.add_to(config);
  for (const auto& chaos : chaos_) config.add(chaos.name, chaos.connector);
  return config;
}

void Crowd::start() {
  hub_ = std::make_unique<HubProcess>(config());
  if (!hub_->start()) throw std::runtime_error("the hub does not start: " + hub_->raw_log());
  level_ = figures();
  begin_load();
}

void Crowd::begin_load() {
  load_ = std::make_unique<BystanderLoad>(*hub_, showing_.random());
}

HubFigures Crowd::figures() {
  auto now = figures_of(pid());
  std::int64_t bytes = 0;
  std::ifstream(figures_ / "heap") >> bytes;
  now.heap_kb = bytes / 1024;
  return now;
}

bool Crowd::reload_with() {
  return hub_->reload(config());
}

void Crowd::overwhelm() {
  hub_->process().send(SIGSTOP);
  std::this_thread::sleep_for(std::chrono::milliseconds(600)); // more than may be asked at once
  hub_->process().send(SIGCONT);
  std::this_thread::sleep_for(std::chrono::seconds(1));
}

// now: is set
bool Crowd::is_back(HubFigures& now) {
  bystanders_.hang_up();
  now = figures();
  return now.zombies == 0 && no_more(now.threads, level_.threads) && no_more(now.descriptors, level_.descriptors) &&
         no_more(now.processes, level_.processes);
}

void Crowd::remember_memory() {
  hold_bystanders("warming up");
  load_.reset();
  HubFigures now;
  showing_.holds(eventually([&] { return is_back(now); }, kUntilAtRest),
                 "warmed up and left alone the hub holds " + said(now) + "; before " + said(level_));
  std::this_thread::sleep_for(kUntilGivenBack);
  now = figures();
  level_.resident_kb = now.resident_kb;
  level_.heap_kb = now.heap_kb;
  begin_load();
}

void Crowd::hold_level(std::optional<double> most) {
  load_.reset();
  HubFigures now;
  const auto within = [&](std::int64_t is, std::int64_t was) {
    return !most || static_cast<double>(is) <= *most * static_cast<double>(was);
  };
  const auto back = [&] {
    return is_back(now) && within(now.resident_kb, level_.resident_kb) && within(now.heap_kb, level_.heap_kb);
  };
  const bool came_back = eventually(back, kUntilAtRest);
  showing_.holds(came_back, "left alone the hub holds " + said(now) + "; before " + said(level_));
  showing_.count("kB resident in the end", now.resident_kb);
  showing_.count("kB resident before", level_.resident_kb);
  showing_.count("kB in use in the end", now.heap_kb);
  showing_.count("kB in use before", level_.heap_kb);
}

BystanderLoad::Seen Crowd::hold_bystanders(const std::string& when) {
  auto seen = load_->take();
  showing_.count("bystanders' sections", static_cast<std::int64_t>(seen.sections));
  showing_.count("of them not ok", static_cast<std::int64_t>(seen.not_ok));
  showing_.holds(seen.not_ok == 0 && seen.unanswered == 0,
                 when + ": " + std::to_string(seen.not_ok) + " sections of bystanders were not ok, " +
                     std::to_string(seen.unanswered) + " contexts not answered" +
                     (seen.examples.empty() ? "" : ": " + seen.examples.front()));
  return seen;
}

void Crowd::end() {
  load_.reset();
  if (!showing_.holds(hub_->runs(), "the hub ended: " + hub_->raw_log())) return;
  showing_.holds(hub_->stop() == 0, "the hub did not end well");
  showing_.holds(hub_->log_faults().empty(), hub_->log_faults());
}

std::chrono::milliseconds percentile_of(std::vector<std::chrono::milliseconds> all, double percentile) {
  if (all.empty()) return {};
  std::sort(all.begin(), all.end());
  const auto rank = static_cast<std::size_t>(std::ceil(percentile / 100 * static_cast<double>(all.size())));
  return all[std::clamp<std::size_t>(rank, 1, all.size()) - 1];
}

double median_of(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all.empty() ? 0 : all[(all.size() - 1) / 2];
}

std::string milliseconds_of(const std::vector<std::chrono::milliseconds>& all, double percentile) {
  return std::to_string(percentile_of(all, percentile).count());
}

} // namespace plugboard::test
