// The session rooms of a hub on a store of their own, on a clock that the promise owns; and calls that wait for their
// answer. The store does not flush: what survives power is S2's to show. [one thread]
#pragma once

#include "core/session/continuations.hpp"
#include "core/session/sessions.hpp"
#include "tests/support/temp_folder.hpp"

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace plugboard::test {

using session::AccessPtr;
using session::Alarm;
using session::Created;
using session::Holder;
using session::Proved;
using session::Revocation;

class Stage {
 public:
  explicit Stage(Random& its_random, std::size_t kept_in_memory = 100'000);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  void restart();
  void tend();

  Proved proof(const std::string& subject, Assurance assurance, const std::string& tenant = "default") const;

  Result<Created> log_in(Proved proved, Holder holder);
  Result<AccessPtr> find(const std::string& token, const std::string& client, const std::string& tenant = "default");
  Result<Created> step_up(const std::string& token, const std::string& client, Proved proved);
  Result<std::string> hand_off(const std::string& token, const std::string& client, const std::string& to,
                               const std::string& tenant = "default");
  Result<Created> redeem(const std::string& code, Holder holder, const std::string& tenant = "default");
  Result<void> revoke(const std::string& token, const std::string& client, const std::string& tenant = "default");
  Result<void> end(Revocation revocation);
  Result<std::string> begin_login(); // a continuation's token

  bool lives(const Created& one); // both by its token and for work that began with it

  std::int64_t count(std::string_view sql);
  std::string files() const; // the bytes of all that the store wrote

  std::string log_text() const { return log_text_.str(); }

  FakeClock clock;
  std::vector<Alarm> alarms;
  session::SessionLimits limits;

  session::Sessions& sessions() { return *sessions_; }

 private:
  void start();
  void stop();

  TempFolder folder_;
  Random& random_;
  std::ostringstream log_text_;
  std::unique_ptr<Log> log_;
  Metrics metrics_;
  session::Keys keys_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<session::Sessions> sessions_;
  std::unique_ptr<session::Continuations> continuations_;
};

std::string text_of(const Secret& secret);

} // namespace plugboard::test
