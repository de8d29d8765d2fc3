// A store in a temporary folder with sessions over it, on a clock that the test owns; and calls that wait for the
// answer.
#pragma once

#include "core/base/ids.hpp"
#include "core/session/clients.hpp"
#include "core/session/sessions.hpp"
#include "tests/unit/store/temp_folder.hpp"

#include <future>

namespace plugboard::session {

using namespace std::chrono_literals;

inline Keys one_key(const std::string& name = "k1") {
  std::map<std::string, Secret> keys;
  keys.emplace(name, Secret(name + std::string(40, 'x')));
  return Keys::make(name, std::move(keys)).value();
}

inline Result<Created> create(Sessions& sessions, Proved proved, Holder holder) {
  std::promise<Result<Created>> told;
  sessions.create(std::move(proved), std::move(holder), {},
                  [&](Result<Created> created) { told.set_value(std::move(created)); });
  return told.get_future().get();
}

inline Result<AccessPtr> find(Sessions& sessions, std::string_view token, std::string_view tenant = "default",
                              std::string_view client = "desk") {
  std::promise<Result<AccessPtr>> told;
  sessions.find(token, tenant, client, {}, [&](Result<AccessPtr> found) { told.set_value(std::move(found)); });
  return told.get_future().get();
}

inline Result<void> revoke(Sessions& sessions, std::string_view token, std::string_view tenant = "default",
                           std::string_view client = "desk") {
  std::promise<Result<void>> told;
  sessions.revoke(token, tenant, client, {}, [&](Result<void> revoked) { told.set_value(std::move(revoked)); });
  return told.get_future().get();
}

inline Result<Created> step_up(Sessions& sessions, std::string_view token, Proved proved,
                               const std::string& client = "desk") {
  std::promise<Result<Created>> told;
  sessions.step_up(sessions.hashes_of(token), client, std::move(proved), {},
                   [&](Result<Created> created) { told.set_value(std::move(created)); });
  return told.get_future().get();
}

inline Result<HandedOff> hand_off(Sessions& sessions, std::string_view token, const std::string& to,
                                  std::string_view tenant = "default", std::string_view client = "desk") {
  std::promise<Result<HandedOff>> told;
  sessions.handoff(token, tenant, client, to, {}, [&](Result<HandedOff> code) { told.set_value(std::move(code)); });
  return told.get_future().get();
}

inline Result<Created> redeem(Sessions& sessions, std::string_view code, Holder holder,
                              std::string_view tenant = "default") {
  std::promise<Result<Created>> told;
  sessions.redeem(code, tenant, std::move(holder), {},
                  [&](Result<Created> created) { told.set_value(std::move(created)); });
  return told.get_future().get();
}

inline Result<void> end(Sessions& sessions, Revocation revocation) {
  std::promise<Result<void>> told;
  sessions.end(std::move(revocation), {}, [&](Result<void> ended) { told.set_value(std::move(ended)); });
  return told.get_future().get();
}

inline Proved proof(const Clock& clock, std::string subject = "4711") {
  Proved proved;
  proved.tenant = "default";
  proved.issuer = "https://shop.example";
  proved.subject = std::move(subject);
  proved.assurance = Assurance::aal2;
  proved.methods = {"jwt", "otp"};
  proved.authenticated_at = clock.wall() - 5s;
  proved.identifiers = {{"email", "leonekohler@surfeu.de", true, "login"},
                        {"phone", "+49711\"2842222", false, "login"}};
  return proved;
}

class SessionFixture : public ::testing::Test {
 protected:
  SessionFixture() { start(); }

  // What runs in `back`less answers may still touch the fixture: the database, which ends it, goes first.
  ~SessionFixture() override { stop(); }

  void stop() {
    sessions.reset();
    database.reset();
  }

  void start() {
    store::Database::Options options;
    options.path = folder.file("store.db");
    auto opened = store::Database::open(options, *log, metrics);
    if (!opened) throw std::runtime_error(to_string(opened.error()));
    database = std::move(*opened);
    auto made = Sessions::make(*database, keys, limits, clock, random, *log, metrics,
                               [this](const Alarm& alarm) { alarms.push_back(alarm); });
    if (!made) throw std::runtime_error(to_string(made.error()));
    sessions = std::move(*made);
  }

  void restart() {
    stop();
    start();
  }

  // tend(), and until it is in the store.
  void tend() {
    sessions->tend();
    static_cast<void>(database->write_now([](store::Connection&) -> Result<void> { return {}; }));
  }

  // As a failing disk would, behind the hub's back.
  void change(std::string_view sql) {
    const auto changed = database->write_now([sql](store::Connection& connection) -> Result<void> {
      const auto statement = connection.prepare(sql);
      if (!statement) return statement.error();
      const auto stepped = (*statement)->step();
      if (!stepped) return stepped.error();
      return {};
    });
    if (!changed) ADD_FAILURE() << to_string(changed.error());
  }

  std::int64_t count(std::string_view sql) {
    std::int64_t number = -1;
    const auto read = database->read_now([&](store::Connection& connection) -> Result<void> {
      const auto statement = connection.prepare(sql);
      if (!statement) return statement.error();
      const auto row = (*statement)->step();
      if (!row) return row.error();
      number = (*statement)->integer(0);
      return {};
    });
    if (!read) ADD_FAILURE() << to_string(read.error());
    return number;
  }

  plugboard::testing::TempFolder folder;
  std::unique_ptr<Log> log = no_log();
  Metrics metrics;
  FakeClock clock;
  SeededRandom random{20260101};
  Keys keys = one_key();
  SessionLimits limits;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<Sessions> sessions;
  std::vector<Alarm> alarms;
};

inline ::testing::AssertionResult is_not_found(const auto& result) {
  if (!result && result.error().code == Code::not_found) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << (result ? "found" : to_string(result.error()));
}

} // namespace plugboard::session
