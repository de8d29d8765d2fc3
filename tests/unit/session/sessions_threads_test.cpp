// Many threads at one time: a revocation that has returned is seen by every find that begins after it.
#include "tests/unit/session/session_fixture.hpp"

#include <array>
#include <atomic>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

namespace plugboard::session {
namespace {

constexpr std::size_t kSessions = 60;

class SessionsThreadsTest : public SessionFixture, public ::testing::WithParamInterface<std::size_t> {
 protected:
  void set_up() {
    limits.kept_in_memory = GetParam();
    restart();
    for (std::size_t i = 0; i < kSessions; ++i) {
      auto created = create(*sessions, proof(clock), "desk");
      tokens.emplace_back(created->token.reveal());
      held.push_back(created->access);
    }
  }

  // Looks for random sessions until stopped; counts what must not be.
  void look(std::uint64_t seed) {
    SeededRandom picks(seed);
    while (!stop_looking) {
      const std::size_t i = picks.below(kSessions);
      const bool dying_before = returned[i], dead_before = dead[i];
      sessions->find(tokens[i], "default", "desk", {}, [this, i, dying_before](const Result<AccessPtr>& found) {
        ++answers;
        if (found && dying_before) ++risen;
        if (!found && found.error().code != Code::not_found && found.error().code != Code::overloaded) ++failed;
        if (!found && found.error().code == Code::not_found && !dying[i]) ++lost;
      });
      if (dead_before && sessions->alive(*held[i])) ++risen;
    }
  }

  std::vector<std::string> tokens;
  std::vector<AccessPtr> held;
  std::array<std::atomic<bool>, kSessions> dying{}, returned{}, dead{}; // revoke() called, returned, answered
  std::atomic<bool> stop_looking{false};
  std::atomic<int> risen{0}, lost{0}, failed{0}, answers{0}, revoked{0};
};

TEST_P(SessionsThreadsTest, NoFindSucceedsAfterRevokeReturned) {
  set_up();
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) threads.emplace_back([this, seed] { look(seed); });
  threads.emplace_back([this] {
    const Instant end = clock.now() + 4min; // time runs faster here than reads do: no grave may be cleared under them
    while (!stop_looking) {
      if (clock.now() < end) clock.advance(1s);
      sessions->tend();
      std::this_thread::yield();
    }
  });
  std::latch told(kSessions / 2);
  for (std::size_t i = 0; i < kSessions; i += 2) {
    const int wanted = answers + 20; // let them look in between
    while (answers < wanted) std::this_thread::yield();
    dying[i] = true;
    sessions->revoke(tokens[i], "default", "desk", {}, [&, i](const Result<void>& outcome) {
      dead[i] = true;
      revoked += outcome ? 1 : 0;
      told.count_down();
    });
    returned[i] = true;
  }
  told.wait();
  const int wanted = answers + 500;
  while (answers < wanted) std::this_thread::yield();
  stop_looking = true;
  for (std::thread& thread : threads) thread.join();
  stop(); // answers under way
  EXPECT_EQ(risen, 0);
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(failed, 0);
  EXPECT_EQ(revoked, static_cast<int>(kSessions / 2));
}

INSTANTIATE_TEST_SUITE_P(KeptInMemory, SessionsThreadsTest, ::testing::Values(1, 20, 1000));

TEST_F(SessionFixture, MintsOneCustomerForLoginsAtTheSameTime) {
  struct Told { // shared with the store's thread, which may still hold it when the last login is told
    std::mutex mutex;
    std::set<std::string> customers;
    std::latch all{64};
  };

  const auto told = std::make_shared<Told>();
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 16; ++i) {
        sessions->create(proof(clock), "desk", {}, [told](const Result<Created>& created) {
          {
            const std::lock_guard lock(told->mutex);
            told->customers.insert(created ? created->access->session.customer : to_string(created.error()));
          }
          told->all.count_down();
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  told->all.wait();
  EXPECT_EQ(told->customers.size(), 1U);
}

TEST(ClientsThreadsTest, AreFoundWhileTheConfigurationChanges) {
  const plugboard::testing::TempFolder folder;
  const auto log = no_log();
  Metrics metrics;
  store::Database::Options options;
  options.path = folder.file("store.db");
  const auto database = store::Database::open(options, *log, metrics).value();
  const FakeClock clock;
  SeededRandom random(7);
  const Keys keys = one_key();
  const auto clients = Clients::make(*database, keys, clock, random, *log, metrics).value();
  const auto configure = [&](int generation) {
    std::vector<ConfiguredClient> list(2);
    list[0].client.id = "desk";
    list[0].client.channel = std::to_string(generation);
    list[0].key = Secret("the key of the desk");
    list[1].client.id = "bot";
    list[1].client.channel = std::to_string(generation);
    list[1].key = Secret("the key of the bot");
    return clients->configure(std::move(list));
  };
  ASSERT_TRUE(configure(0));
  std::atomic<bool> stop{false};
  std::atomic<int> lost{0};
  std::thread reader([&] {
    while (!stop) lost += clients->find("the key of the desk") && clients->list().size() >= 2 ? 0 : 1;
  });
  for (int generation = 1; generation <= 50; ++generation) EXPECT_TRUE(configure(generation));
  std::promise<bool> told;
  Client added;
  added.id = "voice";
  clients->add(added, {}, [&](const Result<Clients::Added>& outcome) { told.set_value(static_cast<bool>(outcome)); });
  EXPECT_TRUE(told.get_future().get());
  stop = true;
  reader.join();
  EXPECT_EQ(lost, 0);
}

} // namespace
} // namespace plugboard::session
