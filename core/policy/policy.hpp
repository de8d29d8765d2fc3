// Station 4: who may see what. Compiled once per generation from what the configuration says of clients, sections and
// rules; what may not be seen looks as if it did not exist. Pure. [immutable once made: any thread]
#pragma once

#include "core/base/assurance.hpp"
#include "core/policy/standing.hpp"
#include "core/policy/view.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::policy {

struct Asker {
  std::string_view tenant, client, channel, purpose;
  const std::vector<std::string>* sections = nullptr; // the client's patterns: the outer limit of what it may see
  Standing standing;                                  // of the session
};

bool may_name(const Asker& asker, std::string_view section); // one of the client's patterns covers it

struct PolicySection { // in the catalog's order
  std::string name;
  Assurance floor = Assurance::aal1; // what its connector asks for, whatever a rule says
};

class Policy {
 public:
  // Without rules a client sees the sections it may name whole.
  explicit Policy(std::vector<PolicySection> sections) : sections_(std::move(sections)) {}

  const std::vector<PolicySection>& sections() const { return sections_; }

  // Regardless of the client's own patterns.
  View view(const Asker& asker, std::size_t section) const;

 private:
  std::vector<PolicySection> sections_;
};

using PolicyPtr = std::shared_ptr<const Policy>;

} // namespace plugboard::policy
