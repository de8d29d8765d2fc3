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

  // Everything that the load can come to at once: the hub stands still for a moment, then has it all.
  void overwhelm();
  // Ends the load, and remembers what memory the hub holds once it is at rest; then the load goes on.
  void remember_memory();
  // Ends the load. Descriptors, threads and processes come back to what they were before it, and no zombie is left.
  // most: memory, of what was remembered.
  void hold_level(std::optional<double> most = std::nullopt);

  // Not one section of a bystander was anything but ok since the last take.
  BystanderLoad::Seen hold_bystanders(const std::string& when);

  void end(); // stops it; its log must be one

 private:
  HubConfig config() const;
  HubFigures figures();
  void begin_load();
  bool is_back(HubFigures& now);

  struct Chaos {
    std::string name, connector;
  };

  Showing& showing_;
  const ChaosPlugins plugins_;
  Bystanders bystanders_;
  std::vector<Chaos> chaos_;
  std::unique_ptr<HubProcess> hub_;
  std::unique_ptr<BystanderLoad> load_;
  const TempFolder figures_;
  HubFigures level_;
};

double median_of(std::vector<double> all); // of an even number the lower
std::string milliseconds_of(const std::vector<std::chrono::milliseconds>& all, double percentile);
std::chrono::milliseconds percentile_of(std::vector<std::chrono::milliseconds> all, double percentile);

} // namespace plugboard::test
