#include "core/api/admission.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <queue>

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
      Admission::PlacePtr place;
      if (admission.enter(from, waited, now, place) != Admitted::yes) return i;
      places[&from].push_back(std::move(place));
    }
    return most;
  }

  Admitted enter(const session::Client& from, Duration waited = {}) {
    Admission::PlacePtr place;
    return admission.enter(from, waited, now, place);
  }

  // Somebody comes every millisecond, and has waited so long.
  void pass(milliseconds time, Duration waited) {
    for (auto passed = milliseconds(0); passed < time; passed += milliseconds(1)) {
      now += milliseconds(1);
      enter(probe, waited);
    }
  }

  Instant now{std::chrono::hours(1)};
  Admission admission{AdmissionLimits{milliseconds(10), 1000, 16, 16}};
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
  pass(milliseconds(250), milliseconds(15));
  EXPECT_EQ(enter(desk, milliseconds(5)), Admitted::not_now) << "there is less room now";
  places[&desk].resize(50);
  EXPECT_EQ(enter(desk, milliseconds(15)), Admitted::not_now);
  EXPECT_EQ(enter(desk, milliseconds(5)), Admitted::yes);
  pass(milliseconds(250), milliseconds(1));
  EXPECT_EQ(enter(desk, milliseconds(15)), Admitted::yes);
}

TEST_F(AdmissionTest, RefusesAtOnceWhatWaitedForMuchTooLong) {
  fill(desk, 100);
  EXPECT_EQ(enter(desk, milliseconds(41)), Admitted::not_now);
}

TEST_F(AdmissionTest, RefusesFirstWhoHasMoreThanItsShare) {
  fill(desk, 100);
  fill(bot, 5);
  pass(milliseconds(250), milliseconds(15));
  EXPECT_EQ(enter(desk, milliseconds(15)), Admitted::not_this_client);
  EXPECT_EQ(enter(bot, milliseconds(15)), Admitted::yes);
  EXPECT_EQ(enter(bot, milliseconds(101)), Admitted::not_now) << "hopeless for everybody";
}

TEST_F(AdmissionTest, KeepsWhoAsksForFarMoreThanOthersOutWhileAnybodyWaits) {
  fill(desk, 10);
  fill(bot, 10);
  pass(milliseconds(20), {});
  fill(bot, 300);
  EXPECT_EQ(enter(bot, milliseconds(1)), Admitted::yes);
  EXPECT_EQ(enter(bot, milliseconds(3)), Admitted::not_this_client);
  EXPECT_EQ(enter(desk, milliseconds(30)), Admitted::yes);
  places[&bot].resize(2);
  fill(desk, 10);
  EXPECT_EQ(enter(bot, milliseconds(3)), Admitted::yes) << "it has less than half of what each has";
}

TEST_F(AdmissionTest, TakesNobodyForGreedyWhoAsksForMostAndIsAnswered) {
  fill(bot, 1);
  fill(desk, 40);
  for (int i = 0; i < 1000; ++i) {
    places[&desk].erase(places[&desk].begin());
    ASSERT_EQ(fill(desk, 1), 1u) << i;
    pass(milliseconds(1), {});
  }
  EXPECT_EQ(enter(desk, milliseconds(12)), Admitted::yes) << "nobody is kept out for that";
}

TEST_F(AdmissionTest, AlwaysLetsInThirtyTwo) {
  Admission usual{AdmissionLimits{}};
  std::vector<Admission::PlacePtr> held;
  for (int i = 0; i < 2000; ++i) { // a crowd of agents, each asking again when it has its answer
    if (held.size() == 32) held.erase(held.begin());
    held.emplace_back();
    now += milliseconds(1);
    ASSERT_EQ(usual.enter(desk, milliseconds(60), now, held.back()), Admitted::yes) << i;
  }
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
    Admission::PlacePtr place;
    EXPECT_EQ(admission.enter(bot, waited, now, place), Admitted::yes);
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
    Admission::PlacePtr place;
    EXPECT_EQ(admission.enter(bot, {}, now, place), Admitted::yes);
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
// more when its systems have answered, a refusal costs little.
class Thread {
 public:
  struct Result {
    std::size_t answered = 0, refused = 0, left = 0;
    std::size_t greedy_answered = 0;
    Duration longest_wait{};        // of what was refused or let in, once it has settled
    Duration longest_context{};     // from its coming to its answer
    std::vector<Duration> contexts; // each of them

    Duration context(double part) { // so many of them took less
      std::sort(contexts.begin(), contexts.end());
      return contexts.at(static_cast<std::size_t>(part * static_cast<double>(contexts.size())));
    }
  };

  // offered: of what it can do, by so many clients together. greedy: by one more.
  Thread(Duration systems, double offered, std::size_t clients = 1, double greedy = 0)
      : systems_(systems), gap_(gap(offered)), greedy_gap_(greedy > 0 ? gap(greedy) : Duration::max()) {
    for (std::size_t i = 0; i < clients; ++i) clients_.push_back(client());
  }

  Result run(Duration time) {
    const auto begun = now_;
    if (greedy_gap_ < Duration::max()) next_greedy_ = now_;
    for (next_ = now_; now_ < begun + time;) {
      come();
      if (queue_.empty()) {
        now_ = std::min({next_, next_greedy_, answers_.empty() ? next_ : answers_.top().at});
        continue;
      }
      const auto event = queue_.front();
      queue_.pop_front();
      now_ += event.place ? answer(event) : enter(event);
      settled_ = now_ - begun > std::chrono::seconds(2);
    }
    result_.left = admission.under_way();
    return result_;
  }

  Admission admission{AdmissionLimits{}};

  static constexpr microseconds kEnter{400}, kAnswer{600}, kRefuse{8};
  static constexpr Duration kWhole = kEnter + kAnswer;

 private:
  struct Event {
    Instant at, came;
    const session::Client* of;
    Admission::PlacePtr place{}; // then its systems have answered

    bool operator<(const Event& other) const { return at > other.at; }
  };

  void come() {
    for (; next_greedy_ <= now_; next_greedy_ += greedy_gap_) queue_.push_back({next_greedy_, next_greedy_, &greedy_});
    for (; next_ <= now_; next_ += gap_) queue_.push_back({next_, next_, &clients_[turn_++ % clients_.size()]});
    for (; !answers_.empty() && answers_.top().at <= now_; answers_.pop()) queue_.push_back(answers_.top());
  }

  Duration enter(Event event) {
    const auto waited = now_ - event.came;
    if (settled_) result_.longest_wait = std::max(result_.longest_wait, waited);
    if (admission.enter(*event.of, waited, now_, event.place) != Admitted::yes) {
      if (event.of != &greedy_) ++result_.refused;
      return kRefuse;
    }
    admission.stay(Criticality::interactive, waited);
    event.at = now_ + kEnter + systems_;
    answers_.push(std::move(event));
    return kEnter;
  }

  Duration answer(const Event& event) {
    if (event.of == &greedy_) {
      ++result_.greedy_answered;
      return kAnswer;
    }
    ++result_.answered;
    if (settled_) result_.contexts.push_back(now_ + kAnswer - event.came);
    if (settled_) result_.longest_context = std::max(result_.longest_context, now_ + kAnswer - event.came);
    return kAnswer;
  }

  static Duration gap(double offered) { return Duration(static_cast<Duration::rep>(kWhole.count() / offered)); }

  const Duration systems_, gap_, greedy_gap_;
  std::vector<session::Client> clients_;
  const session::Client greedy_ = client();
  std::size_t turn_ = 0;
  Instant now_{std::chrono::hours(1)}, next_{}, next_greedy_ = Instant::max();
  std::deque<Event> queue_;
  std::priority_queue<Event> answers_;
  Result result_;
  bool settled_ = false;
};

TEST(AdmissionUnderLoadTest, AnswersAsMuchAsItCanWhateverIsAsked) {
  for (const auto systems : {milliseconds(1), milliseconds(50), milliseconds(300)})
    for (const double offered : {1.2, 2.0, 5.0, 10.0}) {
      Thread thread(systems, offered);
      const auto seen = thread.run(std::chrono::seconds(20));
      const auto could = 20.0 / std::chrono::duration<double>(Thread::kWhole).count();
      const auto spent = 1 + offered * 0.012; // on refusing
      SCOPED_TRACE(testing::Message() << "systems " << systems.count() << " ms, offered " << offered);
      EXPECT_GT(static_cast<double>(seen.answered), 0.85 * could / spent);
      EXPECT_GT(seen.refused, 0u);
      EXPECT_LT(seen.longest_wait, milliseconds(40) + systems / 2);
      EXPECT_LT(seen.longest_context, milliseconds(100) + 3 * systems / 2);
      EXPECT_LE(seen.left, 1000u);
    }
}

TEST(AdmissionUnderLoadTest, LetsNobodyNoticeThatOneAsksForTwentyTimesItsShare) {
  for (const auto systems : {milliseconds(50), milliseconds(300)}) {
    SCOPED_TRACE(testing::Message() << "systems " << systems.count() << " ms");
    Thread calm(systems, 0.4, 4, 0.2), flooded(systems, 0.4, 4, 4);
    auto before = calm.run(std::chrono::seconds(20)), meanwhile = flooded.run(std::chrono::seconds(20));
    EXPECT_EQ(before.refused, 0u);
    EXPECT_EQ(meanwhile.refused, 0u);
    EXPECT_LE(meanwhile.context(0.99), before.context(0.99) + before.context(0.99) / 10);
    EXPECT_GT(meanwhile.greedy_answered, before.greedy_answered / 2) << "it is held to its share, not shut out";
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
