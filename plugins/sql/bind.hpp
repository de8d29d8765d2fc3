// Finds the values of a query's parameters in the request: identifiers, what the client sent as params,
// tenant, language.
#pragma once

#include "plugins/sql/value.hpp"

#include <plugboard/request.hpp>

namespace plugboard::sql {

// One value a name, null for what the request doesn't have. Failure: a value that no database can take, or no
// identifier at all where the query asks with some.
Result<std::vector<Value>> bind_values(const std::vector<std::string>& names, const Request& request);

} // namespace plugboard::sql
