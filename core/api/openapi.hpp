// The published descriptions, OpenAPI 3.1: core/api/openapi.json and admin_openapi.json as they are.
#pragma once

#include <string_view>

namespace plugboard::api {
std::string_view openapi_document();       // of the agent API
std::string_view admin_openapi_document(); // of the admin API
} // namespace plugboard::api
