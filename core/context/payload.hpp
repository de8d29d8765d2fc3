// Station 9: the context as the caller gets it. Sections in declared order, each with status, source and times; their
// bytes are spliced as the strict reader passed them, not rebuilt. What is missing says so. Pure.
#pragma once

#include "core/base/assurance.hpp"
#include "core/context/catalog.hpp"
#include "core/context/gather.hpp"
#include "core/policy/sight.hpp"

#include <string>
#include <vector>

namespace plugboard::context {

struct Source { // who answers for a section
  std::string connector, plugin, version;
};

struct StepUp {            // a section that may be had once more is proved
  std::size_t section = 0; // position in the catalog
  policy::Challenge needed{};
};

struct PayloadParts { // views of what the request holds; alive while it is written
  std::string_view context_id;
  std::string_view customer_id;
  const std::vector<Identifier>* identifiers = nullptr;
  Assurance assurance = Assurance::none;
  Duration took{};
  const Catalog* catalog = nullptr;
  const std::vector<Source>* sources = nullptr; // by CatalogSection::connector
  const std::vector<SectionResult>* results = nullptr;
  const std::vector<Conflict>* conflicts = nullptr;
  const policy::Sight* sight = nullptr; // what of the sections may leave
  std::vector<StepUp> step_up;
  std::vector<std::string> denied;   // names as they were asked for, known or not: not told apart
  std::vector<std::string> required; // names that must be there
};

// Every section asked for is ok, with nothing withheld of it, or not_found.
bool is_complete(const PayloadParts& parts);
std::vector<std::string_view> required_missing(const PayloadParts& parts); // of those that must be there
std::string write_payload(const PayloadParts& parts);

// {"id", "identifiers": [{"type", "value", "verified", "source"}]}: as in session answers. Appends.
// Account numbers among them are masked: who knows the customer by one needs not be told it.
void append_customer(std::string& out, std::string_view id, const std::vector<Identifier>& identifiers);

} // namespace plugboard::context
