// Small section graphs in a few words, for tests of catalog, plan and gather.
#pragma once

#include "core/context/catalog.hpp"

#include <gtest/gtest.h>

namespace plugboard::context::testing {

using Groups = std::vector<std::vector<std::string>>; // "email", "email!" needs a verified one

inline connector::SectionSpec spec(std::string name, Groups needs, std::vector<std::string> yields = {}) {
  connector::SectionSpec spec;
  spec.name = std::move(name);
  spec.shape = "record/v1";
  for (const auto& group : needs) {
    auto& into = spec.needs.emplace_back();
    for (auto type : group) {
      bool verified = type.ends_with("!");
      if (verified) type.pop_back();
      into.push_back({type, verified});
    }
  }
  spec.yields = std::move(yields);
  return spec;
}

// Computed from inputs of these names; "tickets?" is optional. Which sections they are, Declaration::from says.
inline connector::SectionSpec from(std::string name, const std::vector<std::string>& inputs) {
  auto derived = spec(std::move(name), {});
  for (auto input : inputs) {
    const bool optional = input.ends_with("?");
    if (optional) input.pop_back();
    derived.from.push_back({input, derived.shape, optional});
  }
  return derived;
}

struct Graph {
  std::vector<Declaration> declarations;
  std::vector<json::Fault> faults;
  std::vector<std::string> types{"email"}; // that sessions bring, for who builds it without saying so

  Graph& connector(std::string name, std::vector<connector::SectionSpec> sections) {
    auto pointer = "/connectors/" + name;
    declarations.push_back({name, declarations.size(), Assurance::none, std::move(sections), pointer});
    return *this;
  }

  std::shared_ptr<const Catalog> build(const std::vector<std::string>& session_types) {
    return Catalog::build(declarations, session_types, faults);
  }
};

inline std::vector<std::size_t> all_of(const Catalog& catalog) {
  std::vector<std::size_t> all(catalog.sections().size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  return all;
}

inline std::vector<std::size_t> named(const Catalog& catalog, const std::vector<std::string>& names) {
  std::vector<std::size_t> found;
  for (const auto& name : names) found.push_back(catalog.find(name).value());
  return found;
}

} // namespace plugboard::context::testing
