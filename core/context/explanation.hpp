// A context explained: the plan as a graph (what each section needs, where that comes from, what it yields), and what
// happened to each on the way. Names and times only: no data, no identifier's value; of what policy denies this client
// not even the name. Pure.
#pragma once

#include "core/context/payload.hpp"

#include <string>
#include <vector>

namespace plugboard::context {

// brought: what the session brings, as the plan was made with. allowed: for the whole request.
std::string write_explanation(const PayloadParts& parts, const std::vector<Identifier>& brought, Duration allowed);

} // namespace plugboard::context
