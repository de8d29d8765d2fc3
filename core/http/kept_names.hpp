// What name servers said, for as long as they allow: a second at least, so that an answer that may not be kept does not
// cost a question a call, five minutes at most, so that a system that moves is found; that there is none, two seconds.
// While they say nothing at all, what they said last may go on for a day (RFC 8767). Owned by a resolver. [its thread]
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
  static constexpr Duration kOnAgain = std::chrono::seconds(30);
  static constexpr Duration kUnheard = std::chrono::hours(24);
  static constexpr std::size_t kMost = 1024;

  void keep(const std::string& name, Result<Addresses> found, Duration time_to_live, Instant now);
  const Result<Addresses>* find(const std::string& name, Instant now) const; // null: it must be asked for
  // Nobody says what is so now: what was said last goes on for half a minute. Null: there is no such thing.
  const Result<Addresses>* go_on(const std::string& name, Instant now);
  bool may_go_on(const std::string& name, Instant now) const;

  std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    Result<Addresses> found;
    Instant until;
    Instant unheard_until; // of addresses: so long may they go on
  };

  void make_room(Instant now);

  std::unordered_map<std::string, Kept> kept_;
};

} // namespace plugboard::http
