#include "core/api/admission.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <queue>
#include <random>

namespace plugboard::api {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

session::Client client() {
  session::Client made;
  made.use = std::make_shared<session::ClientUse>();
  return made;
}

class AdmissionTest : public testing::Test {
 protected:
  // Lets in as many as it will; how many that were.
  std::size_t fill(const session::Client& from, std::size_t most = 10'000, Duration waited = {}) {
    for (std::size_t i = 0; i < most; ++i) {
      auto answer = admission.enter(from, waited, now);
      if (answer.admitted == Admitted::later) answer.place = admission.begin(from);
      if (!answer.place) return i;
      places[&from].push_back(std::move(answer.place));
    }
    return most;
  }

  Admitted enter(const session::Client& from, Duration waited = {}) {
    return admission.enter(from, waited, now).admitted;
  }

  // Somebody comes every millisecond, and has waited so long.
  void pass(milliseconds time, Duration waited) { pass(time, waited, probe); }

  void pass(milliseconds time, Duration waited, const session::Client& one) {
    for (auto passed = milliseconds(0); passed < time; passed += milliseconds(1)) {
      now += milliseconds(1);
      enter(one, waited);
    }
  }

  // So many were, within a second, one after the other.
  void answered(int count, Duration each) {
    for (int i = 0; i < count; ++i) {
      now += std::chrono::seconds(1) / count;
      ran += each;
      enter(probe);
    }
  }

  Instant now{std::chrono::hours(1)};
  Duration ran{};
  Admission admission{AdmissionLimits{milliseconds(10), 1000, 16, 16}, [this] { return ran; }};
  session::Client desk = client(), bot = client(), probe = client();
  std::map<const session::Client*, std::vector<Admission::PlacePtr>> places;
};

TEST_F(AdmissionTest, RefusesNobodyWhileThereIsNoCrowd) {
  EXPECT_EQ(fill(desk, 15), 15u);
  pass(milliseconds(500), milliseconds(200)); // a machine that is slow is no reason
  EXPECT_EQ(enter(desk, std::chrono::seconds(3)), Admitted::yes);
}

TEST_F(AdmissionTest, KeepsWhatIsUnderWayWithinItsLimit) {
  EXPECT_LT(fill(desk), 1000u);
  EXPECT_GT(admission.under_way(), 850u);
  places.clear();
  EXPECT_EQ(admission.under_way(), 0u);
  EXPECT_EQ(enter(desk), Admitted::yes);
}

TEST_F(AdmissionTest, TakesOneLongWaitForNoQueue) {
  fill(desk, 100);
  now += milliseconds(200);
  EXPECT_EQ(enter(desk, milliseconds(30)), Admitted::yes); // nobody came for a while, then a crowd at once
  pass(milliseconds(200), milliseconds(1));
  EXPECT_EQ(enter(desk, milliseconds(30)), Admitted::yes);
}

TEST_F(AdmissionTest, RefusesWhatWaitedWhileTheQueueStands) {
  fill(desk, 100);
  pass(milliseconds(250), milliseconds(15), desk);
  EXPECT_EQ(enter(desk, milliseconds(5)), Admitted::not_now) << "there is less room now";
  places[&desk].resize(50);
  EXPECT_EQ(enter(desk, milliseconds(15)), Admitted::not_now);
  EXPECT_EQ(enter(desk, milliseconds(5)), Admitted::yes);
  pass(milliseconds(250), milliseconds(1), desk);
  EXPECT_EQ(enter(desk, milliseconds(15)), Admitted::yes);
}

TEST_F(AdmissionTest, RefusesAtOnceWhatWaitedForMuchTooLong) {
  fill(desk, 100);
  EXPECT_EQ(enter(desk, milliseconds(41)), Admitted::not_now);
}

TEST_F(AdmissionTest, RefusesFirstWhoHasMoreThanItsShare) {
  fill(desk, 100);
  fill(bot, 5);
  pass(milliseconds(250), milliseconds(15), desk);
  EXPECT_EQ(enter(desk, milliseconds(15)), Admitted::not_this_client);
  EXPECT_EQ(enter(bot, milliseconds(15)), Admitted::yes);
  EXPECT_EQ(enter(bot, milliseconds(101)), Admitted::not_now) << "hopeless for everybody";
}

TEST_F(AdmissionTest, LetsWhoAsksForFarMoreThanOthersInOneByOne) {
  answered(200, milliseconds(2)); // each costs so much
  fill(desk, 10);
  fill(bot, 10);
  pass(milliseconds(20), {});
  std::vector<Duration> turns;
  for (int i = 0; i < 400; ++i) {
    const auto answer = admission.enter(bot, {}, now);
    if (answer.admitted == Admitted::later) turns.push_back(answer.turn - now);
  }
  EXPECT_EQ(enter(bot), Admitted::not_this_client);
  ASSERT_GT(turns.size(), 3u);
  for (std::size_t i = 1; i < turns.size(); ++i) {
    const auto gap = turns[i] - turns[i - 1];
    EXPECT_GT(gap, milliseconds(2)) << "it would take all that there is";
    EXPECT_LT(gap, milliseconds(20));
  }
  EXPECT_LT(turns.back(), milliseconds(100)) << "nobody waits for ever";
  EXPECT_EQ(enter(desk, milliseconds(12)), Admitted::yes);
  now += milliseconds(50);
  const auto next = admission.enter(bot, {}, now);
  EXPECT_EQ(next.admitted, Admitted::later);
  EXPECT_GT(next.turn - now, milliseconds(15)) << "behind those who came before";
}

TEST_F(AdmissionTest, HoldsWhoAsksForFarMoreThanOthersToNothingThatCanBeAnswered) {
  answered(200, microseconds(10));
  fill(desk, 10);
  EXPECT_EQ(fill(bot, 300), 300u);
  EXPECT_NE(enter(bot), Admitted::not_this_client);
}

TEST_F(AdmissionTest, TakesNobodyForGreedyWhoAsksForMostAndIsAnswered) {
  answered(2000, milliseconds(2));
  fill(bot, 1);
  fill(desk, 10);
  for (int i = 0; i < 1000; ++i) {
    places[&desk].erase(places[&desk].begin());
    ASSERT_EQ(enter(desk), Admitted::yes) << i;
    fill(desk, 1);
    now += milliseconds(1);
    enter(bot);
  }
}

TEST_F(AdmissionTest, AlwaysLetsInThirtyTwo) {
  Admission usual{AdmissionLimits{}, [this] { return ran; }};
  std::vector<Admission::PlacePtr> held;
  for (int i = 0; i < 2000; ++i) { // a crowd of agents, each asking again when it has its answer
    if (held.size() == 32) held.erase(held.begin());
    now += milliseconds(1);
    held.push_back(usual.enter(desk, milliseconds(60), now).place);
    ASSERT_TRUE(held.back()) << i;
  }
}

TEST_F(AdmissionTest, LetsInFewerWhereMostAreRefused) {
  Admission usual{AdmissionLimits{}, [this] { return ran; }};
  std::vector<Admission::PlacePtr> held;
  std::size_t most = 0;
  for (int i = 0; i < 5000; ++i) { // five times what can be answered
    if (i % 5 == 0 && !held.empty()) held.erase(held.begin());
    now += microseconds(200);
    auto answer = usual.enter(desk, milliseconds(40), now);
    if (answer.place) held.push_back(std::move(answer.place));
    if (i > 4000) most = std::max(most, held.size());
  }
  EXPECT_LT(most, 20u);
}

TEST_F(AdmissionTest, LeavesRoomBesideAClientThatTakesAllItGets) {
  fill(desk);
  EXPECT_NE(enter(desk), Admitted::yes);
  EXPECT_EQ(fill(bot, 50), 50u);
}

TEST_F(AdmissionTest, FindsLessRoomWhileTheQueueStandsAndMoreWhileItDoesNot) {
  fill(desk, 400);
  pass(milliseconds(5000), milliseconds(15));
  const auto room = admission.room();
  EXPECT_LT(room, 300u);
  places[&desk].resize(room / 2);
  pass(milliseconds(1000), milliseconds(1));
  EXPECT_GT(admission.room(), room);
  pass(milliseconds(20'000), milliseconds(1));
  EXPECT_EQ(admission.room(), 1000u);
}

TEST_F(AdmissionTest, RefusesBulkFirstThenBackground) {
  const auto stays = [this](Criticality criticality, Duration waited = {}) {
    const auto answer = admission.enter(bot, waited, now);
    EXPECT_EQ(answer.admitted, Admitted::yes);
    return admission.stay(criticality, waited) == Admitted::yes;
  };
  EXPECT_TRUE(stays(Criticality::bulk));
  fill(desk, 550);
  EXPECT_FALSE(stays(Criticality::bulk));
  EXPECT_TRUE(stays(Criticality::background));
  fill(desk, 250);
  EXPECT_FALSE(stays(Criticality::background));
  EXPECT_TRUE(stays(Criticality::interactive));
  places.clear();
  fill(desk, 100);
  EXPECT_FALSE(stays(Criticality::bulk, milliseconds(11)));
  EXPECT_TRUE(stays(Criticality::background, milliseconds(11)));
  EXPECT_FALSE(stays(Criticality::background, milliseconds(21)));
  EXPECT_TRUE(stays(Criticality::interactive, milliseconds(21)));
}

TEST_F(AdmissionTest, KeepsBulkOutOfTheLastPlacesAndBesideAnybodyWhileTheQueueStands) {
  const auto stays = [this](Criticality criticality) {
    const auto answer = admission.enter(bot, {}, now);
    EXPECT_EQ(answer.admitted, Admitted::yes);
    return admission.stay(criticality, milliseconds(11)) == Admitted::yes;
  };
  fill(desk, 7);
  EXPECT_TRUE(stays(Criticality::bulk)) << "that is no crowd";
  fill(desk, 1);
  EXPECT_FALSE(stays(Criticality::bulk));
  EXPECT_TRUE(stays(Criticality::background));
  places[&desk].resize(1);
  pass(milliseconds(250), milliseconds(15));
  EXPECT_FALSE(stays(Criticality::bulk)) << "it would be in the way of what people wait for";
  places.clear();
  EXPECT_TRUE(stays(Criticality::bulk)) << "else it never came to its turn";
}

// One thread, as it works: what comes waits in one queue, a context costs something when it is let in and something
// more when its systems have answered, a refusal costs little. They come as they like, at a rate.
class Thread {
 public:
  struct Result {
    std::size_t answered = 0, refused = 0, left = 0;
    std::size_t greedy_answered = 0, greedy_asked = 0;
    Duration longest_wait{};        // of what was refused or let in, once it has settled
    std::vector<Duration> refusals; // from its coming to it, once it has settled
    Duration longest_context{};     // from its coming to its answer, once it has settled
    std::vector<Duration> contexts; // each of them

    Duration context(double part) { return at(contexts, part); } // so many of them took less

    Duration refusal(double part) { return at(refusals, part); }

    void add(const Result& other) {
      answered += other.answered;
      refused += other.refused;
      greedy_answered += other.greedy_answered;
      greedy_asked += other.greedy_asked;
      contexts.insert(contexts.end(), other.contexts.begin(), other.contexts.end());
    }

   private:
    static Duration at(std::vector<Duration>& all, double part) {
      std::sort(all.begin(), all.end());
      return all.at(static_cast<std::size_t>(part * static_cast<double>(all.size())));
    }
  };

  // offered: of what it can do, by so many clients together.
  Thread(Duration systems, double offered, std::size_t clients = 1) : systems_(systems), gap_(gap(offered)) {
    for (std::size_t i = 0; i < clients; ++i) clients_.push_back(client());
  }

  // greedy: as offered, by one more.
  Result run(Duration time, double greedy = 0) {
    result_ = {};
    const auto begun = now_;
    next_ = now_;
    next_greedy_ = greedy > 0 ? now_ : Instant::max();
    greedy_gap_ = greedy > 0 ? gap(greedy) : 1.0;
    while (now_ < begun + time) {
      come();
      if (queue_.empty()) {
        now_ = std::min({next_, next_greedy_, later_.empty() ? next_ : later_.top().at});
        continue;
      }
      const auto event = queue_.front();
      queue_.pop_front();
      const auto took = event.place ? answer(event) : event.is_turn ? start(event) : enter(event);
      now_ += took;
      ran_ += took;
      settled_ = now_ - begun > std::chrono::seconds(2);
    }
    result_.left = admission_.under_way();
    return std::move(result_);
  }

  static constexpr microseconds kEnter{400}, kAnswer{600}, kRefuse{8};
  static constexpr Duration kWhole = kEnter + kAnswer;

 private:
  struct Event {
    Instant at, came;
    const session::Client* of;
    bool is_turn = false;        // it has waited for it
    Admission::PlacePtr place{}; // then its systems have answered

    bool operator<(const Event& other) const { return at > other.at; }
  };

  void come() {
    for (; next_greedy_ <= now_; next_greedy_ += after(greedy_gap_)) {
      queue_.push_back({next_greedy_, next_greedy_, &greedy_});
      ++result_.greedy_asked;
    }
    for (; next_ <= now_; next_ += after(gap_)) queue_.push_back({next_, next_, &clients_[turn_++ % clients_.size()]});
    for (; !later_.empty() && later_.top().at <= now_; later_.pop()) queue_.push_back(later_.top());
  }

  Duration enter(Event event) {
    const auto waited = now_ - event.came;
    if (settled_) result_.longest_wait = std::max(result_.longest_wait, waited);
    auto answer = admission_.enter(*event.of, waited, now_);
    if (answer.admitted == Admitted::yes) return gather(event, std::move(answer.place));
    if (answer.admitted == Admitted::later) {
      event.is_turn = true;
      event.at = answer.turn;
      later_.push(event);
    } else if (event.of != &greedy_) {
      ++result_.refused;
      if (settled_) result_.refusals.push_back(waited + kRefuse);
    }
    return kRefuse;
  }

  Duration start(const Event& event) { return gather(event, admission_.begin(*event.of)); }

  Duration gather(Event event, Admission::PlacePtr place) {
    admission_.stay(Criticality::interactive, now_ - event.came);
    event.at = now_ + kEnter + systems_;
    event.place = std::move(place);
    later_.push(std::move(event));
    return kEnter;
  }

  Duration answer(const Event& event) {
    if (event.of == &greedy_) {
      ++result_.greedy_answered;
      return kAnswer;
    }
    ++result_.answered;
    const auto took = now_ + kAnswer - event.came;
    result_.contexts.push_back(took);
    if (settled_) result_.longest_context = std::max(result_.longest_context, took);
    return kAnswer;
  }

  static double gap(double offered) { return static_cast<double>(kWhole.count()) / offered; }

  Duration after(double gap) {
    return Duration(static_cast<Duration::rep>(std::exponential_distribution<>(1 / gap)(random_)));
  }

  const Duration systems_;
  const double gap_;
  double greedy_gap_ = 1; // nanoseconds, on average
  std::mt19937_64 random_{1};
  std::vector<session::Client> clients_;
  const session::Client greedy_ = client();
  std::size_t turn_ = 0;
  Instant now_{std::chrono::hours(1)}, next_{}, next_greedy_{};
  Duration ran_{};
  Admission admission_{AdmissionLimits{}, [this] { return ran_; }};
  std::deque<Event> queue_;
  std::priority_queue<Event> later_;
  Result result_;
  bool settled_ = false;
};

TEST(AdmissionUnderLoadTest, AnswersAsMuchAsItCanWhateverIsAsked) {
  for (const auto systems : {milliseconds(1), milliseconds(50), milliseconds(300)})
    for (const double offered : {1.2, 2.0, 5.0, 10.0}) {
      Thread thread(systems, offered);
      auto seen = thread.run(std::chrono::seconds(20));
      const auto could = 20.0 / std::chrono::duration<double>(Thread::kWhole).count();
      const auto spent = 1 + offered * 0.012; // on refusing
      SCOPED_TRACE(testing::Message() << "systems " << systems.count() << " ms, offered " << offered);
      EXPECT_GT(static_cast<double>(seen.answered), 0.85 * could / spent);
      EXPECT_GT(seen.refused, 0u);
      EXPECT_LT(seen.longest_wait, milliseconds(40) + systems / 2);
      if (offered >= 5) {
        EXPECT_LT(seen.refusal(0.99), milliseconds(30) + systems / 4);
      }
      EXPECT_LT(seen.longest_context, milliseconds(100) + 3 * systems / 2);
      EXPECT_LE(seen.left, 1000u);
    }
}

// Nor when it begins to.
TEST(AdmissionUnderLoadTest, LetsNobodyNoticeThatOneAsksForTwentyTimesItsShare) {
  for (const auto systems : {milliseconds(1), milliseconds(50), milliseconds(300)}) {
    SCOPED_TRACE(testing::Message() << "systems " << systems.count() << " ms");
    Thread thread(systems, 0.4, 4);
    Thread::Result calm, flooded;
    for (int round = 0; round < 10; ++round) {
      calm.add(thread.run(std::chrono::seconds(3), 0.2));
      flooded.add(thread.run(std::chrono::seconds(4), 4));
    }
    EXPECT_EQ(calm.refused, 0u);
    EXPECT_EQ(flooded.refused, 0u);
    EXPECT_LE(flooded.context(0.99), calm.context(0.99) + calm.context(0.99) / 10);
    EXPECT_GT(flooded.greedy_answered, calm.greedy_answered / 2) << "it is held to its share, not shut out";
  }
}

TEST(AdmissionUnderLoadTest, AnswersACrowdOfEqualsAsOneClient) {
  Thread thread(milliseconds(50), 5, 5);
  const auto seen = thread.run(std::chrono::seconds(20));
  EXPECT_GT(static_cast<double>(seen.answered), 0.85 * 20'000 / 1.06);
}

TEST(AdmissionUnderLoadTest, RefusesNothingThatItCanAnswer) {
  for (const auto systems : {milliseconds(1), milliseconds(50), milliseconds(300)}) {
    Thread thread(systems, 0.9);
    EXPECT_EQ(thread.run(std::chrono::seconds(10)).refused, 0u);
  }
}

} // namespace
} // namespace plugboard::api
