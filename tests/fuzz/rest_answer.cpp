// What a system answers to the connector `rest`: a Retry-After, then the body, through mappings with every kind of
// conversion. What comes out is JSON that the hub's strict reader takes.
#include "plugins/rest/answer.hpp"
#include "tests/fuzz/hub_reader.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {
namespace {

// Each by itself: a member that does not fit ends the whole section.
constexpr const char* kMappings[] = {
    R"({"id": {"from": "/id"}, "integer": {"from": "/a", "as": "integer"}})",
    R"({"number": {"from": "/a", "as": "number"}})",
    R"({"boolean": {"from": "/a", "as": "boolean"}})",
    R"({"text": {"from": "/a", "as": "string"}, "low": {"from": "/b", "as": "lower"}})",
    R"({"total.amount_minor": {"from": "/a", "as": "minor_units", "digits": 2}, "total.currency": {"const": "SEK"}})",
    R"({"seconds": {"from": "/a", "as": "unix_seconds"}, "millis": {"from": "/b", "as": "unix_millis"}})",
    R"({"list": {"each": "/list", "map": {"day": {"from": "/d", "as": "date"}}}})",
    R"({"time": {"from": "/a", "as": "date_time", "offset": "+01:00"}})",
    R"({"name": {"join": ["/a", "/b", "/list/0"], "with": " "}})",
    R"({"word": {"from": "/a", "table": {"1": "one", "x": true}, "else": "other"}})",
    R"({"whole": ""})"};

std::vector<rest::SectionSettings> read_sections() {
  std::vector<rest::SectionSettings> sections;
  for (const auto* mapping : kMappings) {
    const auto settings = rest::read_settings(R"({"base_url": "https://crm.example", "sections": {"s":
        {"shape": "record/v1", "url": "/", "yields": {"customer_id": {"from": "/id"}}, "mapping": )" +
                                              std::string(mapping) + "}}}");
    sections.push_back(settings.sections.at("s"));
  }
  return sections;
}

void check(const rest::SectionSettings& section, int status, std::string_view retry_after, std::string_view body) {
  const plugboard_http_header headers[] = {{str("content-type"), str("application/json")},
                                           {str("retry-after"), str(retry_after)}};
  const plugboard_http_response response{
      PLUGBOARD_PREFIX(plugboard_http_response), PLUGBOARD_OK, status, headers, 2, str(body), {}};
  const std::chrono::sys_seconds now{std::chrono::seconds(1'800'000'000)};
  auto read = rest::read_answer(section, HttpResponse(response), now);
  if (!read) {
    require(read.failure().retry_after.count() >= 0, "a pause is never negative");
    return require(!read.failure().message.empty(), "a refusal says why");
  }
  require(is_sound_object(read->data), "a mapping makes sound JSON");
}

} // namespace

void fuzz(std::string_view input) {
  static const auto sections = read_sections();
  const auto retry_after = take_line(input);
  for (const auto& section : sections) check(section, 200, retry_after, input);
  check(sections.front(), 429, retry_after, input);
}

} // namespace plugboard::fuzz
