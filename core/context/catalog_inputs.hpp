// The part of the catalog that says what derived sections are computed from: the manifest names their inputs, the
// configuration says which sections those are. Pure.
#pragma once

#include "core/context/catalog.hpp"

namespace plugboard::context {

// Fills in the inputs of sections, which are those of the declarations in their order, and raises what a session must
// have been proved with to the most of what goes in. What is lacking, unknown, of another shape or goes in circles is
// appended to faults. whole: false when some connectors could not be read: a section nobody has may be theirs then.
void link_inputs(const std::vector<Declaration>& declarations, bool whole, std::vector<CatalogSection>& sections,
                 std::vector<json::Fault>& faults);

} // namespace plugboard::context
