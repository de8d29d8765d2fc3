#include "core/session/replaced_secrets.hpp"

#include "tests/support/fake_trail.hpp"
#include "tests/unit/session/session_fixture.hpp"

namespace plugboard::session {
namespace {

class ReplacedSecretsTest : public SessionFixture {
 protected:
  ReplacedSecretsTest() { begin(); }

  ~ReplacedSecretsTest() override { stop(); } // before what it tells

  void begin() { secrets = ReplacedSecrets::make(*database, keys, trail, clock, random, *log, metrics).value(); }

  void restart_all() {
    restart();
    begin();
  }

  Result<void> replace(const std::string& configured, const std::string& with) {
    std::promise<Result<void>> told;
    secrets->replace({"crm", "/refresh"}, Secret(configured), Secret(with),
                     [&](Result<void> done) { told.set_value(std::move(done)); });
    return told.get_future().get();
  }

  std::string current(const std::string& configured, const std::string& connector = "crm") {
    return std::string(secrets->current({connector, "/refresh"}, Secret(configured)).value().reveal());
  }

  void use_keys(const std::string& name, const std::vector<std::string>& names) {
    std::map<std::string, Secret> all;
    for (const auto& each : names) all.emplace(each, Secret(each + std::string(40, 'x')));
    keys = Keys::make(name, std::move(all)).value();
    restart_all();
  }

  test::FakeTrail trail;
  std::unique_ptr<ReplacedSecrets> secrets;
};

TEST_F(ReplacedSecretsTest, GivesTheNewValueAlsoAfterARestart) {
  EXPECT_EQ(current("old"), "old");
  ASSERT_TRUE(replace("old", "new"));
  EXPECT_EQ(current("old"), "new");
  EXPECT_EQ(current("old", "erp"), "old");
  restart_all();
  EXPECT_EQ(current("old"), "new");
  ASSERT_TRUE(replace("old", "newer"));
  restart_all();
  EXPECT_EQ(current("old"), "newer");
}

TEST_F(ReplacedSecretsTest, TheOperatorHasTheLastWord) {
  ASSERT_TRUE(replace("old", "new"));
  EXPECT_EQ(current("the operator's"), "the operator's");
  EXPECT_EQ(current("old"), "old") << "dropped, not set aside";
  restart_all();
  EXPECT_EQ(current("old"), "old");
  EXPECT_EQ(count("SELECT count(*) FROM replaced_secrets"), 0);
}

TEST_F(ReplacedSecretsTest, SaysWhyTheConfiguredOneCannotBeHad) {
  ASSERT_TRUE(replace("old", "new"));
  EXPECT_TRUE(is_not_found(secrets->current({"crm", "/refresh"}, fail(Code::not_found, "not set"))));
  EXPECT_EQ(current("old"), "new");
}

TEST_F(ReplacedSecretsTest, IsOnRecordByItsNameAlone) {
  ASSERT_TRUE(replace("old-secret", "new-secret"));
  ASSERT_EQ(trail.records.size(), 1U);
  EXPECT_TRUE(trail.has("\"action\":\"secret.replace\"")) << trail.records[0];
  EXPECT_TRUE(trail.has("crm/refresh")) << trail.records[0];
  EXPECT_FALSE(trail.has("-secret"));
  trail.fails = true;
  EXPECT_FALSE(replace("old-secret", "newest-secret"));
  EXPECT_EQ(current("old-secret"), "new-secret") << "what is not on record does not happen";
}

TEST_F(ReplacedSecretsTest, IsSealedAndMovesToTheNewKey) {
  ASSERT_TRUE(replace("old-secret", "new-secret"));
  EXPECT_EQ(count("SELECT count(*) FROM replaced_secrets WHERE instr(sealed, CAST('secret' AS BLOB)) > 0"), 0);
  use_keys("k2", {"k1", "k2"});
  EXPECT_EQ(current("old-secret"), "new-secret");
  EXPECT_EQ(count("SELECT count(*) FROM replaced_secrets WHERE key_id = 'k2'"), 1);
  use_keys("k2", {"k2"});
  EXPECT_EQ(current("old-secret"), "new-secret");
  use_keys("k3", {"k3"});
  EXPECT_EQ(current("old-secret"), "old-secret");
}

TEST_F(ReplacedSecretsTest, DamageIsSeenAndCounted) {
  ASSERT_TRUE(replace("old", "new"));
  change("UPDATE replaced_secrets SET handle = '/other'");
  restart_all();
  EXPECT_EQ(current("old"), "old");
  EXPECT_NE(metrics.text().find("plugboard_store_damaged_rows_total 1"), std::string::npos);
}

} // namespace
} // namespace plugboard::session
