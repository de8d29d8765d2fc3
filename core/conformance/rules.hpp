// The rules that a plugin is held to, each with an id that stays, and what was found against them. Values.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::conformance {

struct Rule {
  std::string_view id;   // "link.stack"
  std::string_view says; // what must be
  std::string_view mend; // what its author does about a plugin that breaks it
};

std::span<const Rule> rules(); // in the order in which they are shown
const Rule& rule(std::string_view id);

struct Finding {
  std::string_view rule;
  std::string where; // in the manifest or the configuration's schema: a JSON Pointer; else empty
  std::string seen;
};

// A plugin may find as much as it likes wrong with itself, and a reader reads so much of it.
class Findings {
 public:
  void add(std::string_view rule, std::string seen, std::string where = {});

  const std::vector<Finding>& all() const { return all_; }

  bool has(std::string_view rule) const;

 private:
  std::vector<Finding> all_;
};

} // namespace plugboard::conformance
