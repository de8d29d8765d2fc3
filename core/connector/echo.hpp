// Is this answer about the customer who was asked about? Pure; over the strict reader's view.
#pragma once

#include "core/base/identifier.hpp"
#include "core/connector/section_spec.hpp"
#include "core/json/reader.hpp"

#include <optional>
#include <string>
#include <vector>

namespace plugboard::connector {

// Where an answer names another customer, or none where it should name one: the pointer, for a detail. None: all agree,
// as far as was asked.
std::optional<std::string> find_wrong_customer(json::Value data, const std::vector<Echo>& echo,
                                               const std::vector<Identifier>& asked);

} // namespace plugboard::connector
