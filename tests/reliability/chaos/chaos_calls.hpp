// Asks one chaos connector for one thing at a time, over a connection and a customer of its own. [one thread]
#pragma once

#include "tests/bench/loop.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"

#include <string>
#include <string_view>

namespace plugboard::test {

struct ChaosAnswer {
  std::string status, reason; // of the section; "" where there is no such answer at all
  std::string section;        // as JSON
  bench::Nanoseconds asked{}, came{};

  bool is(std::string_view wanted_status, std::string_view wanted_reason) const {
    return status == wanted_status && reason == wanted_reason;
  }

  std::string said() const { return status + (reason.empty() ? "" : "/" + reason); }

  std::chrono::milliseconds took() const { return std::chrono::duration_cast<std::chrono::milliseconds>(came - asked); }
};

class ChaosCalls {
 public:
  ChaosCalls(HubProcess& hub, std::string connector, const std::string& customer);

  struct How {
    std::string section = "record";
    std::string params{}; // further members, each with a comma before it
    int deadline_ms = 5000;
  };

  // mode: "" behaves. Throws when the hub does not answer at all.
  ChaosAnswer call(std::string_view mode, const How& how);

  ChaosAnswer call(std::string_view mode) { return call(mode, How()); }

  // The request alone, for who sends many at once over connections of their own.
  Ask asking(std::string_view mode, const How& how) const;

  // How long after `since` it behaved again; asked again and again. None: not within patience.
  std::optional<std::chrono::milliseconds> serves_again(bench::Nanoseconds since,
                                                        std::chrono::milliseconds patience = std::chrono::seconds(20));

  // Behaves as often as a hub asks for, until it no longer takes this worker for one that does nothing but go down.
  // "", or what was answered instead.
  std::string be_of_use();

  void connect_anew() { connection_.reset(); } // at the next call; now it hangs up

  const std::string& connector() const { return connector_; }

 private:
  const int port_;
  const std::string connector_, session_;
  std::optional<Connection> connection_;
};

} // namespace plugboard::test
