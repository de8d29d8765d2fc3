#include "core/cli/plugin_scenario.hpp"

#include "core/cli/plugin_folder.hpp"
#include "core/connector/file_bytes.hpp"

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostScenarioBytes = std::size_t{4} << 20;

} // namespace

fs::path sdk_prefix(const AuthorWords& words) {
  return words.sdk.empty() ? own_prefix() : fs::absolute(words.sdk);
}

Result<conformance::Scenario> scenario_for(const AuthorWords& words, const fs::path& folder,
                                           const connector::Manifest& manifest) {
  auto place = words.scenario.empty() ? folder / "conformance.json" : fs::path(words.scenario);
  if (words.scenario.empty() && !fs::exists(place)) return conformance::read_scenario("", manifest);
  return scenario_at(place, manifest);
}

Result<conformance::Scenario> scenario_at(const fs::path& place, const connector::Manifest& manifest) {
  const auto text = connector::read_file_bytes(place.string(), kMostScenarioBytes);
  if (!text) return text.error();
  auto scenario = conformance::read_scenario(*text, manifest);
  if (!scenario) return fail(Code::malformed, place.string() + ": " + scenario.error().message);
  return scenario;
}

} // namespace plugboard::cli
