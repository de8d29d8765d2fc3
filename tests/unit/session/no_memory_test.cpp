// What sessions do on their way out when memory ends: they can't say so any more, and must not end the hub for it.
#include "tests/support/starvation.hpp"
#include "tests/unit/session/session_fixture.hpp"

namespace plugboard::session {
namespace {

using plugboard::testing::Starvation;

using SessionsNoMemoryTest = SessionFixture;

TEST_F(SessionsNoMemoryTest, NeedNoneToEndWhenNoneWasUsed) {
  const Starvation starvation(1);
  sessions.reset();
  EXPECT_FALSE(starvation.came());
}

TEST_F(SessionsNoMemoryTest, SaveTheirUsesWhenTheyEnd) {
  const auto created = create(*sessions, proof(clock), "desk");
  ASSERT_TRUE(created);
  const std::string token(created->token.reveal());
  bool came = true;
  int n = 1;
  for (; came && n < 100; ++n) {
    clock.advance(20min);
    ASSERT_TRUE(find(*sessions, token)) << n; // its last use was saved, else it would have been idle for too long
    {
      const Starvation starvation(n);
      sessions.reset();
      came = starvation.came();
    }
    restart();
  }
  EXPECT_GT(n, 3);
  EXPECT_LT(n, 100);
}

} // namespace
} // namespace plugboard::session
