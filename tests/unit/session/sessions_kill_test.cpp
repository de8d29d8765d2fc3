// A process that writes sessions and revocations is killed at a random moment, again and again over one store. What it
// was told to be done is done; nothing that was revoked lives.
#include "tests/unit/session/session_fixture.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <map>
#include <sstream>
#include <thread>

namespace plugboard::session {
namespace {

void say(int pipe, const std::string& line) {
  if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
}

// The child. Tells each thing after it was acknowledged ("created", "revoked") or before it is begun ("revoking").
[[noreturn]] void write_until_killed(const std::string& path, int pipe, std::uint64_t seed) {
  const auto log = no_log();
  Metrics metrics;
  const SystemClock clock;
  SystemRandom random;
  SeededRandom steps(seed);
  store::Database::Options options;
  options.path = path;
  options.checkpoint_pages = 30;
  auto database = store::Database::open(options, *log, metrics);
  if (!database) ::_exit(2);
  const Keys keys = one_key();
  const auto sessions = Sessions::make(**database, keys, {}, clock, random, *log, metrics).value();
  std::mutex mutex;
  std::vector<std::string> tokens;
  std::atomic<int> under_way{0};
  for (;;) {
    while (under_way > 8) std::this_thread::yield();
    ++under_way;
    std::string token;
    {
      const std::lock_guard lock(mutex);
      if (tokens.size() > 5 && steps.below(3) == 0) {
        token = tokens.back();
        tokens.pop_back();
      }
    }
    if (token.empty()) {
      sessions->create(proof(clock), "desk", {}, [&, pipe](const Result<Created>& created) {
        if (!created) ::_exit(4);
        say(pipe, "created " + std::string(created->token.reveal()) + "\n");
        const std::lock_guard lock(mutex);
        tokens.emplace_back(created->token.reveal());
        --under_way;
      });
    } else {
      say(pipe, "revoking " + token + "\n");
      sessions->revoke(token, "default", "desk", {}, [&, pipe, token](const Result<void>& revoked) {
        if (!revoked) ::_exit(5);
        say(pipe, "revoked " + token + "\n");
        --under_way;
      });
    }
  }
}

enum class Told : std::uint8_t { created = 1, revoking, revoked };

class SessionsKillTest : public ::testing::Test {
 protected:
  // One life of the child, ended after about `moment` bytes of its story.
  void one_life(std::size_t moment, std::uint64_t seed) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) write_until_killed(path, ends[1], seed);
    ::close(ends[1]);
    std::string story;
    bool killed = false;
    char chunk[4096];
    for (ssize_t got = 0; (got = ::read(ends[0], chunk, sizeof chunk)) > 0;) {
      story.append(chunk, static_cast<std::size_t>(got));
      if (!killed && story.size() >= moment) killed = ::kill(child, SIGKILL) == 0;
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    note(story);
  }

  void note(const std::string& story) {
    std::istringstream lines(story);
    std::string what, token;
    while (lines >> what >> token) {
      if (what == "created" && is_token("pbs_", token)) told.emplace(token, Told::created); // may come after "revoking"
      if (what == "revoking") told[token] = std::max(told[token], Told::revoking);
      if (what == "revoked") told[token] = Told::revoked;
    }
  }

  void check() {
    const auto log = no_log();
    Metrics metrics;
    const SystemClock clock;
    SystemRandom random;
    store::Database::Options options;
    options.path = path;
    const auto database = store::Database::open(options, *log, metrics);
    ASSERT_TRUE(database) << to_string(database.error());
    const Keys keys = one_key();
    const auto sessions = Sessions::make(**database, keys, {}, clock, random, *log, metrics).value();
    for (const auto& [token, last] : told) {
      const auto found = find(*sessions, token);
      EXPECT_TRUE(found || last != Told::created) << "lost";
      EXPECT_TRUE(last != Told::revoked || is_not_found(found)) << "risen";
    }
  }

  plugboard::testing::TempFolder folder;
  std::string path = folder.file("store.db");
  std::map<std::string, Told> told;
};

TEST_F(SessionsKillTest, LosesNothingAndRaisesNobody) {
  SeededRandom random(4);
  for (std::uint64_t round = 1; round <= 20; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    one_life(1 + random.below(12'000), round);
    check();
    if (HasFailure()) return;
  }
  const auto revoked =
      std::count_if(told.begin(), told.end(), [](const auto& one) { return one.second == Told::revoked; });
  EXPECT_GT(told.size(), 200U);
  EXPECT_GT(revoked, 50);
}

} // namespace
} // namespace plugboard::session
