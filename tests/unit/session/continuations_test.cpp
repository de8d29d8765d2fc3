#include "core/session/continuations.hpp"

#include "tests/unit/session/session_fixture.hpp"

#include <fstream>

namespace plugboard::session {
namespace {

class ContinuationsTest : public SessionFixture {
 protected:
  ContinuationsTest() { begin(); }

  void begin() { continuations = Continuations::make(*database, keys, clock, random, *log, metrics); }

  void restart_all() {
    continuations.reset();
    restart();
    begin();
  }

  Result<Continuations::Opened> open(Continuation continuation, Duration life = 5min) {
    std::promise<Result<Continuations::Opened>> told;
    continuations->open(std::move(continuation), clock.wall() + life, {},
                        [&](Result<Continuations::Opened> opened) { told.set_value(std::move(opened)); });
    return told.get_future().get();
  }

  std::string opened(Duration life = 5min) { return std::string(open(desk(), life).value().token.reveal()); }

  Result<Continuation> take(std::string_view token, std::string_view tenant = "default",
                            std::string_view client = "desk") {
    std::promise<Result<Continuation>> told;
    continuations->take(token, tenant, client, {},
                        [&](Result<Continuation> taken) { told.set_value(std::move(taken)); });
    return told.get_future().get();
  }

  static Continuation desk() {
    return {"default", "desk", "otp", "{\"code\":\"a secret of the plugin's\"}", {{"k1", "digest"}}};
  }

  std::unique_ptr<Continuations> continuations;
};

TEST_F(ContinuationsTest, GivesBackWhatThePluginSaidOnce) {
  const std::string token = opened();
  EXPECT_TRUE(is_token("pbc_", token));
  restart_all();
  const auto taken = take(token);
  ASSERT_TRUE(taken) << to_string(taken.error());
  EXPECT_EQ(taken->connector, "otp");
  EXPECT_EQ(taken->state, desk().state);
  EXPECT_EQ(taken->step_up, desk().step_up);
  EXPECT_TRUE(is_not_found(take(token)));
}

TEST_F(ContinuationsTest, IsNotThereForAnotherClientOrTenant) {
  const std::string token = opened();
  EXPECT_TRUE(is_not_found(take(token, "default", "bot")));
  EXPECT_TRUE(is_not_found(take(token, "north", "desk")));
  EXPECT_TRUE(is_not_found(take("pbc_made-up")));
  EXPECT_TRUE(take(token)) << "nobody else took it";
}

TEST_F(ContinuationsTest, EndsWhenThePluginSaysAndAfterTenMinutesAtTheLatest) {
  EXPECT_EQ(open(desk(), 1h)->expires_at, clock.wall() + 10min);
  const std::string minute = opened(1min), longest = opened(1h), back = opened(1min);
  clock.advance(1min);
  EXPECT_TRUE(is_not_found(take(minute)));
  clock.jump_wall(-30s);
  EXPECT_TRUE(is_not_found(take(back))) << "a clock that goes back gives no more time";
  clock.jump_wall(30s);
  clock.advance(9min - 1ns);
  EXPECT_TRUE(take(longest));
  const std::string over = opened(-1s);
  EXPECT_TRUE(is_not_found(take(over)));
  const std::string before = opened(1h);
  restart_all();
  clock.advance(10min);
  EXPECT_TRUE(is_not_found(take(before)));
}

TEST_F(ContinuationsTest, GoesWithThePurge) {
  opened(1min);
  clock.advance(2min);
  continuations->tend();
  tend(); // after it
  EXPECT_EQ(count("SELECT count(*) FROM continuations"), 0);
}

TEST_F(ContinuationsTest, StandsInTheStoreEncrypted) {
  const std::string token = opened();
  std::string files;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    std::ifstream in(entry.path(), std::ios::binary);
    files.append(std::istreambuf_iterator<char>(in), {});
  }
  ASSERT_NE(files.find("otp"), std::string::npos) << "the search is blind";
  EXPECT_EQ(files.find("a secret of the plugin's"), std::string::npos);
  EXPECT_EQ(files.find(token.substr(4, 20)), std::string::npos);
}

TEST_F(ContinuationsTest, TakesNoRowThatIsNotWhatItWrote) {
  for (const char* damage :
       {"UPDATE continuations SET connector = 'jwt'", "UPDATE continuations SET expires_at = expires_at + 1",
        "UPDATE continuations SET sealed = zeroblob(60)", "UPDATE continuations SET sealed = x'00'"}) {
    const std::string token = opened();
    change(damage);
    EXPECT_TRUE(is_not_found(take(token))) << damage;
  }
}

TEST_F(ContinuationsTest, RefusesAStateThatIsTooLarge) {
  Continuation large = desk();
  large.state.assign(32 * 1024, 'x');
  EXPECT_TRUE(open(large));
  large.state += 'x';
  EXPECT_EQ(open(large).error().code, Code::too_large);
}

TEST_F(ContinuationsTest, OpensUnderAKeyThatIsNotCurrentAnyMoreAndUnderNoneThatIsGone) {
  const std::string token = opened(), other = opened();
  continuations.reset();
  stop();
  std::map<std::string, Secret> both;
  both.emplace("k1", Secret("k1" + std::string(40, 'x')));
  both.emplace("k2", Secret("k2" + std::string(40, 'x')));
  keys = Keys::make("k2", std::move(both)).value();
  start();
  begin();
  EXPECT_TRUE(take(token));
  continuations.reset();
  stop();
  keys = one_key("k2");
  start();
  begin();
  EXPECT_TRUE(is_not_found(take(other)));
}

} // namespace
} // namespace plugboard::session
