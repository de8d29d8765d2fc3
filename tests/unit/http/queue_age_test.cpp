#include "core/http/queue_age.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace plugboard::http {
namespace {

using std::chrono::milliseconds;

class QueueAgeTest : public testing::Test {
 protected:
  Duration age() { return queue_age.of_what_comes(clock.now(), 1); }

  boost::asio::io_context io{1};
  FakeClock clock;
  QueueAge queue_age{io, clock};
};

TEST_F(QueueAgeTest, IsNothingWhileNothingWaits) {
  EXPECT_EQ(age(), Duration::zero());
  io.poll();
  clock.advance(milliseconds(500));
  EXPECT_EQ(age(), Duration::zero());
}

TEST_F(QueueAgeTest, IsAtLeastTheTimeSinceItQueuedUp) {
  age();
  clock.advance(milliseconds(30));
  EXPECT_EQ(age(), milliseconds(30)) << "what is read now came before it did";
  io.run_one(); // its turn, after which it queues up again
  EXPECT_EQ(age(), milliseconds(30));
  io.run_one();
  EXPECT_EQ(age(), Duration::zero());
}

TEST_F(QueueAgeTest, IsNotFoundOutForOneThatIsAlone) {
  EXPECT_EQ(queue_age.of_what_comes(clock.now(), 0), Duration::zero());
  clock.advance(milliseconds(30));
  EXPECT_EQ(queue_age.of_what_comes(clock.now(), 0), Duration::zero());
  EXPECT_EQ(io.poll(), 0u);
}

TEST_F(QueueAgeTest, MayEndWhileItQueues) {
  auto gone = std::make_unique<QueueAge>(io, clock);
  gone->of_what_comes(clock.now(), 1);
  gone.reset();
  io.poll();
}

} // namespace
} // namespace plugboard::http
