#include "core/session/session.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace plugboard::session {
namespace {

constexpr std::array<std::pair<Assurance, std::string_view>, 5> kNames{{{Assurance::none, "none"},
                                                                        {Assurance::asserted, "asserted"},
                                                                        {Assurance::aal1, "aal1"},
                                                                        {Assurance::aal2, "aal2"},
                                                                        {Assurance::aal3, "aal3"}}};

} // namespace

std::string_view name_of(Assurance assurance) {
  const auto* found =
      std::find_if(kNames.begin(), kNames.end(), [&](const auto& pair) { return pair.first == assurance; });
  return found != kNames.end() ? found->second : "none";
}

std::optional<Assurance> parse_assurance(std::string_view name) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(), [&](const auto& pair) { return pair.second == name; });
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

} // namespace plugboard::session
