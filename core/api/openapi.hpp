// The published description of the agent API, OpenAPI 3.1: core/api/openapi.json as it is.
#pragma once

#include <string_view>

namespace plugboard::api {
std::string_view openapi_document();
} // namespace plugboard::api
