// What name servers said, for as long as they allow: a second at least, so that an answer that may not be kept does not
// cost a question a call, five minutes at most, so that a system that moves is found; that there is none, two seconds.
// Owned by a resolver. [its thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/http/reach.hpp"

#include <string>
#include <string_view>
#include <unordered_map>

namespace plugboard::http {

class KeptNames {
 public:
  static constexpr Duration kShortest = std::chrono::seconds(1);
  static constexpr Duration kLongest = std::chrono::minutes(5);
  static constexpr Duration kFailure = std::chrono::seconds(2);
  static constexpr std::size_t kMost = 1024;

  void keep(const std::string& name, Result<Addresses> found, Duration time_to_live, Instant now);
  const Result<Addresses>* find(const std::string& name, Instant now) const; // null: it must be asked for

  std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    Result<Addresses> found;
    Instant until;
  };

  void make_room(Instant now);

  std::unordered_map<std::string, Kept> kept_;
};

} // namespace plugboard::http
