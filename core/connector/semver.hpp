// Versions as semver.org orders them: 1.10.0 is higher than 1.9.0, 1.0.0-rc.1 lower than 1.0.0. Values.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

struct SemVer {
  std::uint64_t major = 0, minor = 0, patch = 0;
  std::vector<std::string> prerelease; // empty: a release

  static std::optional<SemVer> parse(std::string_view text); // build metadata ("+abc") is read and ignored
  friend std::strong_ordering operator<=>(const SemVer& a, const SemVer& b);
  friend bool operator==(const SemVer& a, const SemVer& b) = default;
};

} // namespace plugboard::connector
