// The revocations in force, in memory: each has a number, and ends all that it covers and that was issued under a lower
// one. So no clock decides what a revocation ends, unless it names a time itself. A look at what was judged before and
// no revocation came since costs one atomic load. Calls nobody. [any thread]
#pragma once

#include "core/session/revocation.hpp"

#include <atomic>
#include <map>
#include <shared_mutex>
#include <string>
#include <tuple>
#include <vector>

namespace plugboard::session {

struct NumberedRevocation {
  std::uint64_t number = 0;
  Revocation what;
};

class Revocations {
 public:
  // Numbers count on from `base`, which is above all that any run before gave away.
  Revocations(std::uint64_t base, std::vector<NumberedRevocation> stored);

  std::uint64_t last() const { return last_.load(); } // what is issued now is issued under it

  NumberedRevocation add(Revocation revocation); // in force when it returns

  bool has_ended(const Session& session, const Token& token) const;
  bool has_ended(const Access& access) const; // remembers in it that it was judged

  void drop(std::uint64_t up_to); // all that can end nothing any more

  std::size_t size() const;

 private:
  // What it is looked up by: the narrowest thing that it names.
  enum class By : std::uint8_t { session = 1, upstream_session, subject, customer, client, channel, key, tenant };
  using Name = std::tuple<By, std::string, std::string, std::string>; // tenant, and one or two texts

  static Name name_of(const Revocation& revocation);
  void enter(NumberedRevocation revocation);
  bool ends(const Name& name, const Session& session, const Token& token) const;

  mutable std::shared_mutex mutex_;
  std::map<Name, std::vector<NumberedRevocation>> revocations_; // guarded by mutex_
  std::atomic<std::uint64_t> last_;
};

} // namespace plugboard::session
