// What the probe tries from within a worker: each attempt is answered with the errno that it met, or 0: it got through.
// An attempt undoes what it can, so that a walk through all of them, without any wall, leaves the machine as it was.
#pragma once

#include <cerrno>
#include <map>
#include <string>
#include <vector>

namespace plugboard::jailbreak {

using Targets = std::map<std::string, std::string>; // by name

struct Attempt {
  const char* name;
  int (*run)(const Targets& targets);
};

std::vector<Attempt> on_files();
std::vector<Attempt> on_processes();
std::vector<Attempt> on_networks();
std::vector<Attempt> on_the_kernel();
std::vector<Attempt> on_inheritance();

inline std::string target(const Targets& targets, const std::string& name) {
  const auto found = targets.find(name);
  return found == targets.end() ? "/nowhere" : found->second;
}

inline int number(const Targets& targets, const std::string& name) {
  const auto found = targets.find(name);
  return found == targets.end() ? -1 : std::stoi(found->second);
}

// Of a call that says -1 when it fails.
inline int outcome(long result) {
  return result >= 0 ? 0 : errno;
}

} // namespace plugboard::jailbreak
