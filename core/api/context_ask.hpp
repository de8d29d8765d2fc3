// The words of POST /v1/context, read strictly and owned: the body is gone before the session is found. Not yet held
// against catalog or policy.
#pragma once

#include "core/json/reader.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::api {

struct SectionAsk {
  std::string pattern;       // "*", "crm.*", "crm.contact"
  std::string params = "{}"; // only with a whole name
};

struct ContextAsk {
  std::string session;
  std::vector<SectionAsk> sections; // empty: everything this client may see
  std::vector<std::string> required;
  std::int64_t deadline_ms = 1000;
  std::optional<std::int64_t> max_age_ms;
  std::string purpose, actor, language, criticality; // empty: the client's own
};

// Error: invalid_argument with the JSON Pointer and what to do.
Result<ContextAsk> read_context_ask(json::Value body);

bool is_language_tag(std::string_view text);                    // the form of a BCP 47 tag
bool is_plain_text(std::string_view text, std::size_t longest); // no control characters

} // namespace plugboard::api
