#include "tests/reliability/jailbreak/rulebook.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace plugboard::jailbreak {
namespace {

long landlock_version() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1);
}

void add(Rule& rule, std::string word) {
  if (word == "nothing") {
    rule.by_nothing = true;
    return;
  }
  if (const auto at = word.find("@root"); at != std::string::npos) {
    if (::geteuid() != 0) return;
    word.erase(at);
  }
  if (word.starts_with("landlock") && word.size() > 8) {
    if (landlock_version() < std::stol(word.substr(8))) return;
    word.erase(8);
  }
  const auto layer = wire::layer_named(word);
  if (!layer) throw std::runtime_error("walls.txt: there is no layer " + word);
  rule.refused_by.insert(*layer);
}

LayerSet standing(const Rule& rule, const Walk& walk) {
  LayerSet both;
  for (const wire::Layer layer : rule.refused_by)
    if (walk.present.contains(layer)) both.insert(layer);
  return both;
}

} // namespace

Rulebook read_rulebook() {
  Rulebook rules;
  std::ifstream file(WALLS);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string attempt, word;
    words >> attempt;
    while (words >> word) add(rules[attempt], word);
  }
  if (rules.empty()) throw std::runtime_error("there is no " WALLS);
  return rules;
}

std::string faults(const Rulebook& rules, const Walk& walk) {
  std::string text = walk.fault;
  for (const auto& [attempt, rule] : rules) {
    const auto met = walk.met.find(attempt);
    const LayerSet walls = standing(rule, walk);
    if (met == walk.met.end())
      text += attempt + " was not tried\n";
    else if (met->second == 0 && (rule.by_nothing || !walls.empty()))
      text += attempt + " got through " + (walls.empty() ? "what no worker is given" : names_of(walls)) + "\n";
  }
  for (const auto& [attempt, met] : walk.met)
    if (!rules.contains(attempt)) text += attempt + " has no line in walls.txt\n";
  return text;
}

std::string escapes(const Walk& walk) {
  std::string text = walk.fault;
  for (const auto& [attempt, met] : walk.met)
    if (met == 0) text += attempt + " got through, with " + names_of(walk.present) + "\n";
  return text;
}

} // namespace plugboard::jailbreak
