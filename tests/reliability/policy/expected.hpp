// What a policy file says, worked out anew and naively, field by field, from the file's own words: what the hub does is
// held against it. It shares no code with core/policy. Values.
#pragma once

#include "tests/support/json.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::test {

struct Person { // one cell of the matrix
  std::string tenant, client, channel, purpose;
  int assurance = 0; // 1 asserted … 4 aal3
  int age = 0;       // seconds since it was proved
};

enum class Fate { denied, withheld, hash, last4, year_only, visible }; // the better, the later

// The leaves of a JSON value by pointer, with the index of each element: "/emails/0/address".
std::map<std::string, std::string> leaves_of(const Json& json, const std::string& pointer = "");

class Expected {
 public:
  // rules: the part "policy". floors: by section, the least assurance. known: what each section's shape knows, as
  // pointers with * for elements.
  Expected(const Json& policy, std::map<std::string, int> floors,
           std::map<std::string, std::vector<std::string>> known);

  Fate of(const Person& person, const std::string& section, const std::string& leaf) const;

 private:
  struct Proof {
    int assurance = 0;
    std::optional<std::int64_t> age{};
  };

  struct Rule {
    std::map<std::string, std::vector<std::string>> lists; // "clients", "fields", …: those that are there
    bool passes = false;
    Proof proof;
    std::map<std::string, std::string> masks;
    std::map<std::string, Proof> needs;
  };

  static Proof proof_of(const Json& policy, const std::string& place);
  static bool fits(const Rule& rule, const Person& person, const std::string& section);
  std::optional<Fate> by(const Rule& rule, const Person& person, const std::string& section,
                         const std::vector<std::string>& leaf, bool is_known) const;

  std::vector<Rule> rules_;
  std::map<std::string, int> floors_;
  std::map<std::string, std::vector<std::string>> known_;
};

int level_of(const std::string& assurance);

} // namespace plugboard::test
