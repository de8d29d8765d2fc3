// Keys of different things that a connector saw never coincide, however alike they look; nor do what is found by them.
#include "core/context/answer_key.hpp"
#include "tests/unit/context/asked_things.hpp"

#include <gtest/gtest.h>

namespace plugboard::context {
namespace {

using testing::AskedThing;
using testing::different_pair;
using testing::source_of;

class AnswerKeyTest : public ::testing::Test {
 protected:
  std::uint64_t hash(const AskedThing& thing) { return hash_of(thing.question(source_of(thing, metrics, 7)), 7); }

  Metrics metrics;
};

TEST_F(AnswerKeyTest, TellsApartWhateverDiffers) {
  SeededRandom random(20261122);
  std::size_t collisions = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto [a, b, how] = different_pair(random);
    const auto of_a = source_of(a, metrics, 7), of_b = source_of(b, metrics, 7);
    const AnswerKey key(a.question(of_a));
    ASSERT_TRUE(key.is_of(a.question(of_a))) << how;
    ASSERT_FALSE(key.is_of(b.question(of_b))) << how;
    ASSERT_FALSE(key == AnswerKey(b.question(of_b))) << how;
    collisions += hash(a) == hash(b);
  }
  EXPECT_EQ(collisions, 0u);
}

TEST_F(AnswerKeyTest, IsTheSameForWhatIsTheSame) {
  SeededRandom random(1);
  for (int i = 0; i < 2'000; ++i) {
    const auto thing = different_pair(random).a;
    const auto one = source_of(thing, metrics, 7), other = source_of(thing, metrics, 7);
    EXPECT_TRUE(AnswerKey(thing.question(one)).is_of(thing.question(other)));
    EXPECT_EQ(hash_of(thing.question(one), 7), hash_of(thing.question(other), 7));
  }
}

TEST_F(AnswerKeyTest, LeavesOutOnlyWhatTheAnswerDoesNotDependOn) {
  AskedThing ada, leo;
  ada.actor = "agent-1", leo.actor = "agent-2";
  ada.purpose = "support", leo.purpose = "sales";
  for (const bool by_actor : {true, false})
    for (const bool by_purpose : {true, false}) {
      for (auto* thing : {&ada, &leo}) thing->by_actor = by_actor, thing->by_purpose = by_purpose;
      const auto source = source_of(ada, metrics, 7);
      EXPECT_EQ(AnswerKey(ada.question(source)).is_of(leo.question(source)), !by_actor && !by_purpose);
    }
  AskedThing nobody = ada;
  nobody.actor.clear(), nobody.purpose.clear();
  nobody.by_actor = nobody.by_purpose = true;
  const auto all = source_of(ada, metrics, 7), own = source_of(nobody, metrics, 7);
  EXPECT_FALSE(AnswerKey(ada.question(all)).is_of(nobody.question(own))) << "everybody's is not nobody's";
}

} // namespace
} // namespace plugboard::context
