// One configuration, built: what a request sees from start to end, whatever is reloaded meanwhile. Made by daemon/,
// held by every request that began with it. [immutable once made: any thread]
#pragma once

#include "core/connector/connector.hpp"
#include "core/context/catalog.hpp"
#include "core/context/payload.hpp"
#include "core/context/systems.hpp"
#include "core/json/shape.hpp"
#include "core/policy/policy.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace plugboard::api {

struct Generation {
  std::uint64_t number = 0;
  std::shared_ptr<const context::Catalog> catalog;
  std::vector<std::shared_ptr<connector::Connector>> connectors; // declared order
  std::vector<context::Source> sources;                          // by connector
  context::SystemsPtr systems;                                   // the same connectors, for fan-outs
  std::map<std::string, std::size_t, std::less<>> logins;        // connectors that authenticate
  std::map<std::string, std::size_t, std::less<>> logouts;       // those that hear of logouts
  std::vector<std::string> purposes;
  json::Shapes shapes;      // those that its sections follow are among them
  policy::PolicyPtr policy; // its sections are the catalog's
  std::shared_ptr<const connector::IdentifierRules> identifier_rules =
      std::make_shared<const connector::IdentifierRules>();
};

using GenerationPtr = std::shared_ptr<const Generation>;

} // namespace plugboard::api
