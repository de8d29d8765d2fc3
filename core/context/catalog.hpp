// The sections that one configuration offers, as a graph: which identifiers each needs, which it yields. Compiled once
// per generation and checked: what could never start is refused then, with the chain spelled out.
// [immutable once made: any thread]
#pragma once

#include "core/base/assurance.hpp"
#include "core/connector/identifier_types.hpp"
#include "core/connector/section_spec.hpp"
#include "core/json/document.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::context {

using TypeId = std::uint32_t; // of an identifier type, dense

struct CatalogNeed {
  TypeId type = 0;
  bool verified = false;
};

struct CatalogInput {      // of a section that is computed from others: one of those
  std::string name;        // the plugin's own for it
  std::size_t section = 0; // position in the catalog
  bool optional = false;
};

struct CatalogSection {
  std::string name;          // "crm.contact"
  std::size_t connector = 0; // position in the generation's list of connectors
  std::size_t section = 0;   // position in that connector's sections
  std::string shape, description;
  Assurance assurance = Assurance::none; // what a session must have been proved with; never less than for its inputs
  std::vector<std::vector<CatalogNeed>> needs;
  std::vector<TypeId> yields;
  bool is_derived = false;          // it is not looked up but computed
  std::vector<CatalogInput> inputs; // from these; what nobody gives it is not among them
};

// What a connector declares, with the place in the configuration that faults shall name.
struct Declaration {
  std::string connector;
  std::size_t connector_index = 0;
  Assurance assurance = Assurance::none;
  std::vector<connector::SectionSpec> sections;
  std::string pointer;                       // "/connectors/crm"
  std::map<std::string, std::string> from{}; // its plugin's name for an input → that section's full name
};

class Catalog {
 public:
  // session_types: what a session can bring along. All faults are appended; null when there are any.
  // whole: false when some connectors could not be read: what nobody yields may be theirs then, and only a cycle among
  // those that could be read is a fault.
  static std::shared_ptr<const Catalog> build(const std::vector<Declaration>& declarations,
                                              const std::vector<std::string>& session_types,
                                              std::vector<json::Fault>& faults, bool whole = true);

  const std::vector<CatalogSection>& sections() const { return sections_; } // declared order

  std::optional<std::size_t> find(std::string_view section) const;

  const std::vector<std::string>& types() const { return types_; }

  std::optional<TypeId> type(std::string_view name) const;

  // Do two taken values of this type name the same?
  bool same(TypeId type, std::string_view a, std::string_view b) const;

  // Who yields it, in declared order.
  const std::vector<std::size_t>& yielders(TypeId type) const { return yielders_[type]; }

 private:
  void declare(const Declaration& declaration, const connector::IdentifierTypes& published);
  TypeId intern(const std::string& type, const connector::IdentifierTypes& published);

  std::vector<CatalogSection> sections_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  std::vector<std::string> types_;
  std::vector<bool> ignores_case_; // by TypeId
  std::map<std::string, TypeId, std::less<>> type_ids_;
  std::vector<std::vector<std::size_t>> yielders_;
};

// Which of the sections can start sooner or later, when these types are known: the least fixpoint of the graph, over
// what they need and what they cannot be computed without. may_run: by position; the others never do.
std::vector<bool> reachable(const Catalog& catalog, const std::vector<bool>& known_types,
                            const std::vector<bool>& may_run);

} // namespace plugboard::context
