// The body of POST /v1/context after the strict reader: what is accepted is within the contract's bounds.
#include "core/api/context_ask.hpp"
#include "core/base/ids.hpp"
#include "core/policy/pattern.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {

void fuzz(std::string_view input) {
  is_token("pbs_", input);
  static json::Reader reader; // as a thread of the hub's
  const auto body = reader.read(input);
  if (!body) return;
  const auto ask = api::read_context_ask(*body);
  if (!ask) return require(!ask.error().message.empty(), "a refusal says why");
  require(!ask->session.empty(), "a session is named");
  require(ask->deadline_ms >= 1 && ask->deadline_ms <= 30'000, "a deadline is within its bounds");
  require(ask->sections.size() <= 256 && ask->required.size() <= 256, "sections are counted");
  for (const auto& section : ask->sections) {
    require(policy::is_section_pattern(section.pattern), "a section is named or a pattern");
    json::Reader params;
    const auto value = params.read(section.params);
    require(value.has_value() && value->is_object(), "parameters are an object");
  }
  for (const auto& name : ask->required) require(name.find('*') == std::string::npos, "what is required has a name");
  require(ask->purpose.empty() || is_client_id(ask->purpose), "a purpose is a word");
  for (const char c : ask->actor) require(static_cast<unsigned char>(c) >= 0x20 && c != '\x7f', "an actor is clean");
}

} // namespace plugboard::fuzz
