// A real daemon under failpoints, and the core operations on it, each of which says how it went. A restart begins a new
// measure of what the process holds. [one thread]
#pragma once

#include "tests/reliability/durability/failpoints.hpp"
#include "tests/reliability/durability/hub_clients.hpp"
#include "tests/support/upstream.hpp"

#include <chrono>

namespace plugboard::test {

// Refused: by an answer that says what is wrong. Closed: the connection, for want of something. Else the hub is wrong.
enum class Said : std::uint8_t { done = 1, refused, closed, nothing, nonsense };

struct Heard {
  Said said;
  std::string text;
};

class FaultedHub {
 public:
  FaultedHub();

  void start();      // without faults; throws unless it is ready and has answered
  bool start_once(); // with whatever fault is armed, for a while; throws when it is neither ready nor gone in time

  void kill() { hub_.kill(); }

  bool runs() { return hub_.runs(); }

  int code() { return hub_.process().ended().value_or(0); }

  bool said_something() { return !hub_.process().err().empty(); }

  std::string last_lines();

  Heard create();
  Heard revoke();
  Heard introspect();
  Heard context(); // done: both sections are there; refused: one says why it is not
  Heard add_client();
  Heard reload();
  void prepare(); // what revoke() needs, lest it meets the fault before

  bool is_stopped(); // it says that its disk failed and that it writes nothing more

  struct Size {
    std::size_t descriptors = 0, kilobytes = 0;
  };

  Size size();

  Size at_first() const { return at_first_; }

  Failpoints& failpoints() { return failpoints_; }

  Ledger& ledger() { return ledger_; }

  int port() { return hub_.port(); }

  std::chrono::milliseconds patience{1500}; // for an answer

 private:
  HubConfig config();
  std::string new_session(); // empty: there was none to be had
  Heard ask(std::optional<Connection> connection, const Ask& ask, int good, Answer& answer);
  Heard ask(const Ask& ask, int good, Answer& answer);
  std::size_t logged(const std::string& event);

  TempFolder folder_;
  Failpoints failpoints_;
  Upstream upstream_;
  HubProcess hub_;
  Ledger ledger_;
  std::string session_, doomed_;
  int clients_ = 0;
  Size at_first_;
};

} // namespace plugboard::test
