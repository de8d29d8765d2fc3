// What a session has proved as it stands now, and what a section or a field asks to be proved: how well, and how
// lately. Values.
#pragma once

#include "core/base/assurance.hpp"
#include "core/base/clock.hpp"

#include <array>
#include <chrono>
#include <optional>

namespace plugboard::policy {

struct Challenge { // in RFC 9470's words: acr_values and max_age
  Assurance assurance = Assurance::none;
  std::optional<std::chrono::seconds> max_age{}; // since it was last proved; none: as long as the session lives
  friend bool operator==(const Challenge&, const Challenge&) = default;
};

// Less assurance, then a longer age.
bool is_easier(const Challenge& a, const Challenge& b);
// Both at once: the higher assurance, the shorter age.
Challenge combined(const Challenge& a, const Challenge& b);

class Standing {
 public:
  // ago: how long ago at least this much was last proved. A level that is never told of was never proved; that of
  // none, without an age, is always met.
  void proved(Assurance assurance, Duration ago);

  Assurance assurance() const { return assurance_; } // the highest that was proved

  bool meets(const Challenge& challenge) const;

  // All levels up to this one, proved this long ago.
  static Standing of(Assurance assurance, Duration ago = {});

 private:
  static constexpr std::size_t kLevels = static_cast<std::size_t>(Assurance::aal3) + 1;

  Assurance assurance_ = Assurance::none;
  std::array<std::optional<Duration>, kLevels> ago_{}; // by Assurance
};

} // namespace plugboard::policy
