#include "core/session/lists.hpp"
#include "tests/unit/session/session_fixture.hpp"

#include <fstream>
#include <latch>
#include <set>

namespace plugboard::session {
namespace {

using SessionsTest = SessionFixture;

std::string bytes_below(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

void expect_same(const Access& a, const Access& b) {
  EXPECT_EQ(a.session.id, b.session.id);
  EXPECT_EQ(a.session.tenant, b.session.tenant);
  EXPECT_EQ(a.session.customer, b.session.customer);
  EXPECT_EQ(a.session.identifiers, b.session.identifiers);
  EXPECT_EQ(to_json(a.session), to_json(b.session)); // its authentications
  EXPECT_EQ(a.session.created_at, b.session.created_at);
  EXPECT_EQ(a.session.expires_at, b.session.expires_at);
  EXPECT_EQ(a.session.idle_limit, b.session.idle_limit);
  EXPECT_EQ(a.session.begun_under, b.session.begun_under);
  EXPECT_EQ(a.token.client, b.token.client);
  EXPECT_EQ(a.token.channel, b.token.channel);
  EXPECT_EQ(a.token.key_id, b.token.key_id);
  EXPECT_EQ(a.token.issued_at, b.token.issued_at);
  EXPECT_EQ(a.token.issued_under, b.token.issued_under);
}

TEST_F(SessionsTest, FindsFromMemoryBeforeItReturns) {
  const auto created = create(*sessions, proof(clock), "desk");
  ASSERT_TRUE(created);
  EXPECT_TRUE(is_token("pbs_", created->token.reveal()));
  EXPECT_TRUE(created->access->session.customer.starts_with("cus_"));
  bool told = false;
  sessions->find(created->token.reveal(), "default", "desk", {}, [&](const Result<AccessPtr>& found) {
    told = true;
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, created->access);
  });
  EXPECT_TRUE(told);
}

TEST_F(SessionsTest, FindsTheSameSessionAfterARestart) {
  const auto created = create(*sessions, proof(clock), Holder("desk", "chat"));
  restart();
  const auto found = find(*sessions, created->token.reveal());
  ASSERT_TRUE(found) << to_string(found.error());
  expect_same(**found, *created->access);
}

TEST_F(SessionsTest, MintsACustomerOncePerTenantIssuerAndSubject) {
  const auto first = create(*sessions, proof(clock), "desk");
  const auto again = create(*sessions, proof(clock), "bot");
  EXPECT_EQ(first->access->session.customer, again->access->session.customer);
  restart();
  EXPECT_EQ(create(*sessions, proof(clock), "desk")->access->session.customer, first->access->session.customer);
  Proved other_tenant = proof(clock), other_issuer = proof(clock);
  other_tenant.tenant = "north";
  other_issuer.issuer = "https://other.example";
  const std::set<std::string> customers{first->access->session.customer,
                                        create(*sessions, proof(clock, "4712"), "desk")->access->session.customer,
                                        create(*sessions, other_tenant, "desk")->access->session.customer,
                                        create(*sessions, other_issuer, "desk")->access->session.customer};
  EXPECT_EQ(customers.size(), 4U);
}

TEST_F(SessionsTest, IsNotThereForAnotherClientOrTenant) {
  const auto created = create(*sessions, proof(clock), "desk");
  const std::string token(created->token.reveal());
  for (int round = 0; round < 2; ++round) { // from memory, then from the store
    EXPECT_TRUE(is_not_found(find(*sessions, token, "default", "bot")));
    EXPECT_TRUE(is_not_found(find(*sessions, token, "north", "desk")));
    EXPECT_TRUE(is_not_found(revoke(*sessions, token, "default", "bot")));
    EXPECT_TRUE(is_not_found(revoke(*sessions, token, "north", "desk")));
    EXPECT_TRUE(find(*sessions, token));
    restart();
  }
}

TEST_F(SessionsTest, DoesNotFindWhatIsNoToken) {
  const auto created = create(*sessions, proof(clock), "desk");
  std::string mistyped(created->token.reveal());
  mistyped[10] = mistyped[10] == 'a' ? 'b' : 'a';
  for (const std::string& token : {std::string("pbs_"), std::string(), mistyped, std::string(5000, 'a')})
    EXPECT_TRUE(is_not_found(find(*sessions, token))) << token;
}

TEST_F(SessionsTest, RemembersWhatItHasInMemoryAndLives) {
  const auto created = create(*sessions, proof(clock), "desk");
  const std::string token(created->token.reveal());
  EXPECT_TRUE(sessions->remembers(token, "default", "desk"));
  EXPECT_FALSE(sessions->remembers(token, "default", "bot"));
  EXPECT_FALSE(sessions->remembers(token, "other", "desk"));
  EXPECT_FALSE(sessions->remembers("pbs_", "default", "desk"));
  ASSERT_TRUE(revoke(*sessions, token));
  EXPECT_FALSE(sessions->remembers(token, "default", "desk"));
}

TEST_F(SessionsTest, IsDeadFromTheMomentItIsRevokedAndAfterARestart) {
  const auto created = create(*sessions, proof(clock), "desk");
  const std::string token(created->token.reveal());
  bool told = false;
  const store::Poster never_posts = [](const std::function<void()>&) {};
  sessions->revoke(token, "default", "desk", never_posts, [&](const Result<void>&) { told = true; });
  EXPECT_FALSE(sessions->alive(*created->access));
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
  EXPECT_FALSE(told);
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
  EXPECT_TRUE(is_not_found(revoke(*sessions, token)));
}

TEST_F(SessionsTest, IsDeadBeforeTheStoreHasHeardOfIt) {
  const auto created = create(*sessions, proof(clock), "desk");
  restart(); // out of memory: only the store knows it
  std::latch heard(1);
  database->write(
      [&heard](store::Connection&) -> Result<void> {
        heard.wait();
        return {};
      },
      {}, {});
  std::promise<Result<void>> told;
  sessions->revoke(created->token.reveal(), "default", "desk", {},
                   [&told](const Result<void>& revoked) { told.set_value(revoked); });
  EXPECT_TRUE(is_not_found(find(*sessions, created->token.reveal())));
  heard.count_down();
  EXPECT_TRUE(told.get_future().get());
  EXPECT_TRUE(is_not_found(find(*sessions, created->token.reveal())));
}

TEST_F(SessionsTest, RevokesWhatIsNotInMemory) {
  const auto created = create(*sessions, proof(clock), "desk");
  restart();
  EXPECT_TRUE(revoke(*sessions, created->token.reveal()));
  EXPECT_FALSE(sessions->alive(*created->access));
  EXPECT_TRUE(is_not_found(revoke(*sessions, created->token.reveal())));
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, created->token.reveal())));
}

TEST_F(SessionsTest, EndsAtItsAbsoluteLimitHoweverOftenItIsUsed) {
  const auto created = create(*sessions, proof(clock), "desk");
  EXPECT_EQ(created->access->session.expires_at, clock.wall() + 12h);
  const std::string token(created->token.reveal());
  for (int minute = 0; minute < 719; ++minute) {
    clock.advance(1min);
    ASSERT_TRUE(find(*sessions, token)) << minute;
  }
  clock.advance(59s);
  EXPECT_TRUE(find(*sessions, token));
  clock.advance(1s);
  EXPECT_FALSE(sessions->alive(*created->access));
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
}

TEST_F(SessionsTest, EndsWithItsProof) {
  Proved proved = proof(clock);
  proved.expires_at = clock.wall() + 5min;
  const auto created = create(*sessions, proved, "desk");
  EXPECT_EQ(created->access->session.expires_at, *proved.expires_at);
  clock.advance(5min);
  EXPECT_TRUE(is_not_found(find(*sessions, created->token.reveal())));
  const auto late = create(*sessions, proved, "desk");
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Code::unauthenticated);
}

TEST_F(SessionsTest, EndsWhenItIsNotUsed) {
  const auto created = create(*sessions, proof(clock), "desk");
  const std::string token(created->token.reveal());
  clock.advance(30min - 1s);
  EXPECT_TRUE(find(*sessions, token)); // and begins to count anew
  clock.advance(30min - 1s);
  EXPECT_TRUE(find(*sessions, token));
  clock.advance(30min);
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
  EXPECT_TRUE(is_not_found(revoke(*sessions, token)));
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
}

TEST_F(SessionsTest, CountsIdleTimeThroughARestart) {
  const auto created = create(*sessions, proof(clock), "desk");
  const std::string token(created->token.reveal());
  clock.advance(20min);
  ASSERT_TRUE(find(*sessions, token));
  restart(); // keeps the use of just now
  clock.advance(29min);
  EXPECT_TRUE(find(*sessions, token));
  restart();
  clock.advance(30min);
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
}

TEST_F(SessionsTest, SavesUsesTogetherAndPurgesWhatIsOver) {
  const auto created = create(*sessions, proof(clock), "desk");
  clock.advance(5min);
  ASSERT_TRUE(find(*sessions, created->token.reveal()));
  tend();
  EXPECT_EQ(count("SELECT (last_used_at - created_at) / 1000000000 FROM sessions"), 300);
  clock.advance(33min);
  tend();
  EXPECT_EQ(count("SELECT count(*) FROM sessions"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM session_tokens"), 0);
  EXPECT_EQ(count("SELECT count(*) FROM customers"), 1);
}

TEST_F(SessionsTest, KeepsNothingInMemoryOfWhatEndedThoughNobodyAsksForIt) {
  limits.absolute = 45min;
  restart();
  auto used = create(*sessions, proof(clock), "desk");
  auto unused = create(*sessions, proof(clock), "bot");
  const std::weak_ptr<const Access> over = used->access, idle = unused->access;
  const std::string token(used->token.reveal());
  used->access = unused->access = nullptr;
  clock.advance(20min);
  ASSERT_TRUE(find(*sessions, token));
  clock.advance(15min); // longer than the other may be left alone
  tend();
  EXPECT_TRUE(idle.expired());
  EXPECT_FALSE(over.expired());
  ASSERT_TRUE(find(*sessions, token));
  clock.advance(15min);
  tend(); // saves the last use
  EXPECT_TRUE(over.expired());
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
}

TEST_F(SessionsTest, PurgesInBoundedBatches) {
  for (int i = 0; i < 1100; ++i) {
    sessions->create(proof(clock), "desk", {}, [](const Result<Created>&) {});
  }
  tend();
  ASSERT_EQ(count("SELECT count(*) FROM sessions"), 1100);
  clock.advance(13h);
  tend();
  EXPECT_GT(count("SELECT count(*) FROM sessions"), 0);
  for (int i = 0; i < 3; ++i) tend();
  EXPECT_EQ(count("SELECT count(*) FROM sessions"), 0);
}

TEST_F(SessionsTest, ComesNotBackWhenTheWallClockDoes) {
  const auto created = create(*sessions, proof(clock), "desk");
  const std::string token(created->token.reveal());
  clock.jump_wall(24h);
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
  clock.jump_wall(-24h);
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
  const auto seen_over = create(*sessions, proof(clock), "desk");
  clock.jump_wall(24h);
  EXPECT_TRUE(is_not_found(find(*sessions, seen_over->token.reveal())));
  clock.jump_wall(-24h);
  EXPECT_TRUE(is_not_found(revoke(*sessions, seen_over->token.reveal())));
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
}

TEST_F(SessionsTest, StaysRevokedThoughItSeemedOverWhenItWasRevoked) {
  const auto created = create(*sessions, proof(clock), "desk");
  const std::string token(created->token.reveal());
  clock.jump_wall(24h);
  EXPECT_TRUE(is_not_found(revoke(*sessions, token)));
  clock.jump_wall(-24h);
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, token)));
}

TEST_F(SessionsTest, LivesNoLongerWhenTheWallClockGoesBack) {
  limits.kept_in_memory = 1;
  restart();
  const auto forgotten = create(*sessions, proof(clock), "desk");
  const auto last = create(*sessions, proof(clock), "desk"); // pushes it out of memory
  clock.jump_wall(-24h * 365);
  EXPECT_TRUE(find(*sessions, forgotten->token.reveal())) << "a jump alone ends nothing";
  for (int i = 0; i < 24; ++i) {
    clock.advance(29min);
    EXPECT_TRUE(find(*sessions, forgotten->token.reveal())) << i;
    EXPECT_TRUE(find(*sessions, last->token.reveal())) << i;
  }
  clock.advance(24min); // 12 h by the clock that does not jump
  EXPECT_FALSE(sessions->alive(*forgotten->access));
  EXPECT_TRUE(is_not_found(find(*sessions, forgotten->token.reveal())));
  EXPECT_TRUE(is_not_found(find(*sessions, last->token.reveal())));
}

TEST_F(SessionsTest, FindsTokensOfARotatedKey) {
  const auto created = create(*sessions, proof(clock), "desk");
  stop();
  std::map<std::string, Secret> both;
  both.emplace("k1", Secret("k1" + std::string(40, 'x')));
  both.emplace("k2", Secret("k2" + std::string(40, 'x')));
  keys = Keys::make("k2", std::move(both)).value();
  start();
  EXPECT_TRUE(find(*sessions, created->token.reveal()));
  EXPECT_TRUE(find(*sessions, create(*sessions, proof(clock), "desk")->token.reveal()));
  EXPECT_TRUE(revoke(*sessions, created->token.reveal()));
  stop();
  keys = one_key("k2"); // k1 is gone, and with it every token under it
  start();
  EXPECT_TRUE(is_not_found(find(*sessions, created->token.reveal())));
  const auto again = create(*sessions, proof(clock), "desk"); // as the same customer
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->access->session.customer, created->access->session.customer);
}

TEST_F(SessionsTest, TakesARowThatIsNotWhatItWroteForNone) {
  for (const char* damage : {"UPDATE sessions SET identifiers = replace(identifiers, 'leonekohler', 'leonekohles')",
                             "UPDATE session_tokens SET authentications = replace(authentications, 'aal2', 'aal3')",
                             "UPDATE sessions SET expires_at = expires_at + 1", "UPDATE session_tokens SET seal = ''",
                             "UPDATE session_tokens SET seal_key = 'k0'"}) {
    const auto created = create(*sessions, proof(clock), "desk");
    ASSERT_TRUE(created) << damage;
    change(damage);
    restart();
    EXPECT_TRUE(is_not_found(find(*sessions, created->token.reveal()))) << damage;
    EXPECT_TRUE(is_not_found(revoke(*sessions, created->token.reveal()))) << damage;
  }
  EXPECT_NE(metrics.text().find("plugboard_store_damaged_rows_total 10\n"), std::string::npos) << metrics.text();
}

TEST_F(SessionsTest, ShowsNoSessionUnderAnothersToken) {
  const auto ada = create(*sessions, proof(clock, "ada"), "desk");
  const auto bob = create(*sessions, proof(clock, "bob"), "desk");
  change("UPDATE session_tokens SET session = '" + bob->access->session.id + "'");
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, ada->token.reveal())));
  EXPECT_TRUE(find(*sessions, bob->token.reveal()));
}

TEST_F(SessionsTest, LetsNobodyLogInAsACustomerWhoseRowIsDamaged) {
  ASSERT_TRUE(create(*sessions, proof(clock, "ada"), "desk"));
  change("UPDATE customers SET subject = 'bob'");
  const auto created = create(*sessions, proof(clock, "bob"), "desk");
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, Code::internal);
}

TEST_F(SessionsTest, LeavesNoWayToARevokedSession) {
  const auto created = create(*sessions, proof(clock), "desk");
  ASSERT_TRUE(revoke(*sessions, created->token.reveal()));
  change("UPDATE sessions SET revoked_at = NULL"); // the disk forgets it
  restart();
  EXPECT_TRUE(is_not_found(find(*sessions, created->token.reveal())));
}

TEST_F(SessionsTest, LeavesNoTokenInItsFiles) {
  std::vector<Secret> tokens;
  for (int i = 0; i < 50; ++i) tokens.push_back(std::move(create(*sessions, proof(clock), "desk")->token));
  for (std::size_t i = 0; i < 25; ++i) ASSERT_TRUE(revoke(*sessions, tokens[i].reveal()));
  const std::string files = bytes_below(folder.path());
  ASSERT_NE(files.find("leonekohler@surfeu.de"), std::string::npos) << "the search is blind";
  for (const Secret& token : tokens) {
    EXPECT_EQ(files.find(token.reveal().substr(4, 20)), std::string::npos);
    EXPECT_EQ(files.find(hex(sha256(token.reveal()))), std::string::npos) << "a hash without a key";
  }
}

TEST(AssuranceTest, HasANameForEachLevelAndALevelForEachName) {
  for (const Assurance level :
       {Assurance::none, Assurance::asserted, Assurance::aal1, Assurance::aal2, Assurance::aal3}) {
    EXPECT_EQ(parse_assurance(name_of(level)), level);
  }
  EXPECT_EQ(name_of(Assurance::aal3), "aal3");
  EXPECT_FALSE(parse_assurance("aal4"));
}

} // namespace
} // namespace plugboard::session
