// What P1 to P4 are shown on: a hub with the chaos connector under several names, in workers, beside the bystanders and
// their load; and what must be so about both at the end. [one thread]
#pragma once

#include "tests/reliability/chaos/bystanders.hpp"
#include "tests/reliability/chaos/chaos_calls.hpp"
#include "tests/reliability/chaos/hub_figures.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::test {

class Crowd {
 public:
  explicit Crowd(Showing& showing);

  // Before start(). more: further members of the connector, each with a comma after it.
  void add(const std::string& name, std::string_view config = "{}", std::string_view more = "",
           std::string_view plugin = "chaos");
  void start();                         // throws when it does not; then the load runs
  bool reload_with();                   // what was added since; false: refused
  void remove(const std::string& name); // from the next reload on

  HubProcess& hub() { return *hub_; }

  pid_t pid() { return hub_->process().pid(); }

  BystanderLoad& load() { return *load_; }

  void remember_memory(); // what is resident now, after some of all that is to come
  // Ends the load. Descriptors, threads and processes come back to what they were before it, and no zombie is left.
  // most_resident: of what was remembered.
  void hold_level(std::optional<double> most_resident = std::nullopt);

  // Not one section of a bystander was anything but ok since the last take.
  BystanderLoad::Seen hold_bystanders(const std::string& when);

  void end(); // stops it; its log must be one

 private:
  HubConfig config() const;

  struct Chaos {
    std::string name, connector;
  };

  Showing& showing_;
  const ChaosPlugins plugins_;
  const Bystanders bystanders_;
  std::vector<Chaos> chaos_;
  std::unique_ptr<HubProcess> hub_;
  std::unique_ptr<BystanderLoad> load_;
  HubFigures level_;
};

std::string milliseconds_of(const std::vector<std::chrono::milliseconds>& all, double percentile);
std::chrono::milliseconds percentile_of(std::vector<std::chrono::milliseconds> all, double percentile);

} // namespace plugboard::test
