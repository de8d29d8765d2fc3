// Station 4: who may see what. Compiled once per generation from what the configuration says of clients, sections and
// rules; what may not be seen looks as if it did not exist. Pure. [immutable once made: any thread]
#pragma once

#include "core/base/assurance.hpp"
#include "core/json/shape.hpp"
#include "core/policy/compile.hpp"
#include "core/policy/standing.hpp"
#include "core/policy/view.hpp"

#include <memory>
#include <optional>
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
  Assurance floor = Assurance::aal1;                  // what its connector asks for, whatever a rule says
  std::shared_ptr<const json::Shape> shape = nullptr; // null: nothing is known of its fields
};

// Why a rule does not fit who asks; none: it fits.
enum class Misfit : std::uint8_t { none = 1, section, tenant, client, channel, purpose };

class Policy {
 public:
  // rules: none when the configuration has no part "policy"; then a client sees the sections it may name whole.
  explicit Policy(std::vector<PolicySection> sections, std::optional<std::vector<Rule>> rules = std::nullopt,
                  std::shared_ptr<const Pseudonyms> pseudonyms = nullptr);

  const std::vector<PolicySection>& sections() const { return sections_; }

  bool has_rules() const { return rules_.has_value(); }

  const std::vector<Rule>& rules() const { return rules_ ? *rules_ : everything_; }

  // The client's own patterns are not looked at: see Sight.
  View view(const Asker& asker, std::size_t section) const;
  std::vector<FieldRow> rows(const Asker& asker, std::size_t section) const; // how its fields fare
  Misfit misfit(const Rule& rule, const Asker& asker, std::size_t section) const;

  // Askers with the same key have the same views of all sections, if they are the same client on the same channel.
  std::string standing_key(const Standing& standing) const;

 private:
  Compiled compiled(const Asker& asker, std::size_t section) const;

  std::vector<PolicySection> sections_;
  std::optional<std::vector<Rule>> rules_;
  std::vector<Rule> everything_; // the one rule that holds where there are none
  std::shared_ptr<const Pseudonyms> pseudonyms_;
  std::vector<std::chrono::seconds> ages_; // all that any rule speaks of, the shortest first
};

using PolicyPtr = std::shared_ptr<const Policy>;

} // namespace plugboard::policy
