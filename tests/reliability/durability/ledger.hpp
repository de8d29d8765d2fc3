// What clients were told and may rely on, beside what the hub says later. A life of the hub is: write until it ends,
// note what was acknowledged; then start it again and compare. [any thread, but compare: one]
#pragma once

#include "tests/reliability/promise.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace plugboard::test {

class Ledger {
 public:
  Ledger() = default;
  Ledger(const Ledger& other); // as it is at this moment
  Ledger& operator=(const Ledger&) = delete;

  // Told after the acknowledgement; `revoking` before it is asked.
  void created(const std::string& token, const std::string& subject, const std::string& customer);
  void revoking(const std::string& token);
  void revoked(const std::string& token);
  void added(const std::string& client, const std::string& key);
  void disclosed(const std::string& context); // somebody was shown it: it must be on record
  std::vector<std::string> take_disclosed();  // since the last time

  struct Seen { // of a session; nothing: it is dead
    std::string subject, customer;
  };

  // What was begun since this copy of `later` was made may have been done, or not.
  void doubt(const Ledger& later);

  // What the hub says of a session, of a client's key.
  struct Hub {
    std::function<std::optional<Seen>(const std::string& token)> session;
    std::function<bool(const std::string& key)> client;
  };

  // Asks for what was noted since the last comparison and for `sample` of what is older (0: for all of it).
  void compare(const Hub& hub, std::size_t sample, Showing& showing);

  std::optional<std::string> any_live(std::mt19937_64& random) const; // a token whose session was created

  std::size_t acknowledged() const;

  std::size_t lost() const { return lost_; }

  std::size_t risen() const { return risen_; }

  std::size_t foreign() const { return foreign_; }

 private:
  enum class State : std::uint8_t { live = 1, revoking, dead };

  struct Entry {
    State state = State::live;
    std::string subject, customer;
  };

  void compare_session(const std::string& token, Entry& entry, const Hub& hub, Showing& showing);

  mutable std::mutex mutex_;
  std::map<std::string, Entry> sessions_; // by token
  std::vector<std::string> order_, fresh_, disclosed_;
  std::map<std::string, std::string> clients_; // by key
  std::vector<std::string> fresh_clients_;
  std::map<std::string, std::string> customers_; // by subject: for good
  std::size_t acknowledgements_ = 0, lost_ = 0, risen_ = 0, foreign_ = 0;
};

} // namespace plugboard::test
