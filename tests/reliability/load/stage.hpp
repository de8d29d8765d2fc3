// A hub on a core of its own, where there are two, with systems that answer after a while, and whoever asks it. So what
// the hub can do is what that core can do, and those who ask do not take it away. [one thread]
#pragma once

#include "tests/support/hub_process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace plugboard::test {

class OnCores { // this thread, and what it starts, for as long as this lives
 public:
  enum class Which : std::uint8_t { last = 1, others };
  explicit OnCores(Which which);
  ~OnCores();
  OnCores(const OnCores&) = delete;
  OnCores& operator=(const OnCores&) = delete;

 private:
  std::vector<int> before_;
};

struct StageWish {
  int systems = 8;
  int delay_us = 10'000;
  int clients = 1;
  int customers = 16;
  int hub_threads = 1;
};

class Stage {
 public:
  explicit Stage(const StageWish& wish);

  HubProcess& hub() { return hub_; }

  Process& systems() { return *systems_; }

  // Contexts of all systems as this client asks for them, of each customer for many actors: no two equal ones are asked
  // at once, so that none shares another's calls. more: members, with a comma before.
  std::vector<std::string> contexts(int client = 0, const std::string& more = "");
  // Sessions that nobody asks contexts with.
  std::vector<std::string> sessions(int count);
  static std::string key_of(int client);

 private:
  static std::unique_ptr<Process> start_systems(const StageWish& wish);
  HubConfig config() const;

  const StageWish wish_;
  std::unique_ptr<Process> systems_;
  HubProcess hub_;
};

} // namespace plugboard::test
