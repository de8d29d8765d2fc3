#include "tests/reliability/chaos/crowd.hpp"

#include <algorithm>
#include <cmath>

namespace plugboard::test {

namespace {

constexpr std::chrono::seconds kUntilAtRest{60}; // lines to systems that nobody asks are closed by then

std::string said(const HubFigures& figures) {
  return std::to_string(figures.resident_kb) + " kB, " + std::to_string(figures.descriptors) + " descriptors, " +
         std::to_string(figures.threads) + " threads, " + std::to_string(figures.processes) + " processes, " +
         std::to_string(figures.zombies) + " zombies";
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
  bystanders_.add_to(config);
  for (const auto& chaos : chaos_) config.add(chaos.name, chaos.connector);
  return config;
}

void Crowd::start() {
  hub_ = std::make_unique<HubProcess>(config());
  if (!hub_->start()) throw std::runtime_error("the hub does not start: " + hub_->raw_log());
  level_ = figures_of(pid());
  load_ = std::make_unique<BystanderLoad>(*hub_, showing_.random());
}

bool Crowd::reload_with() {
  return hub_->reload(config());
}

void Crowd::remember_memory() {
  level_.resident_kb = figures_of(pid()).resident_kb;
}

void Crowd::hold_level(std::optional<double> most_resident) {
  load_.reset();
  HubFigures now;
  const auto back = [&] {
    now = figures_of(pid());
    return now.zombies == 0 && no_more(now.threads, level_.threads) && no_more(now.descriptors, level_.descriptors) &&
           no_more(now.processes, level_.processes) &&
           (!most_resident ||
            static_cast<double>(now.resident_kb) <= *most_resident * static_cast<double>(level_.resident_kb));
  };
  const bool is_back = eventually(back, kUntilAtRest);
  showing_.holds(is_back, "left alone the hub holds " + said(now) + "; before " + said(level_));
  showing_.count("resident kB more than before", now.resident_kb - level_.resident_kb);
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

std::string milliseconds_of(const std::vector<std::chrono::milliseconds>& all, double percentile) {
  return std::to_string(percentile_of(all, percentile).count());
}

} // namespace plugboard::test
