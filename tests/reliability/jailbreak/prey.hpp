// What the probe goes for: a hub's files, sockets and memory, on this machine, and a folder in which the worker's user
// could do everything. Gone with its object. [the thread that made it]
#pragma once

#include "tests/support/descriptor.hpp"
#include "tests/support/temp_folder.hpp"

#include <map>
#include <string>
#include <thread>

namespace plugboard::jailbreak {

class Prey {
 public:
  explicit Prey(std::uint32_t worker_uid); // 0: the worker is of our own user
  ~Prey();
  Prey(const Prey&) = delete;
  Prey& operator=(const Prey&) = delete;

  const std::string& granted() const { return targets_.at("granted_outside"); }

  std::map<std::string, std::string> targets() const { return targets_; } // for the probe

 private:
  void make_files(std::uint32_t worker_uid);
  void make_sockets();

  test::TempFolder folder_;
  std::map<std::string, std::string> targets_;
  test::Descriptor tcp_, tcp6_, udp_, local_, abstract_;
  int shared_ = -1;
  std::thread answers_udp_;
};

std::string as_json(const std::map<std::string, std::string>& targets);

} // namespace plugboard::jailbreak
