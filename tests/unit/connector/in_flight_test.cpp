#include "core/connector/in_flight.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

using std::chrono::seconds;

class InFlightTest : public ::testing::Test {
 protected:
  static Instant at(int second) { return Instant{seconds(1000 + second)}; }

  InFlight calls;
  // Nothing is said over it here: only whether there is one counts.
  std::shared_ptr<WorkerLink> link{std::make_shared<int>(), reinterpret_cast<WorkerLink*>(&calls)};
};

TEST_F(InFlightTest, TakesNoCallUnlessOpen) {
  EXPECT_EQ(calls.begin(1, at(1)), nullptr);
  calls.open(link);
  EXPECT_EQ(calls.begin(1, at(1)), link);
  EXPECT_EQ(calls.close(), std::vector<InFlight::Handle>{1});
  EXPECT_EQ(calls.begin(2, at(1)), nullptr);
  EXPECT_TRUE(calls.close().empty());
}

TEST_F(InFlightTest, KnowsEachCallOnce) {
  calls.open(link);
  calls.begin(1, at(1));
  EXPECT_FALSE(calls.answered(2));
  EXPECT_TRUE(calls.answered(1));
  EXPECT_FALSE(calls.answered(1));
}

TEST_F(InFlightTest, TellsOfACancellationOnlyWhileItIsOpen) {
  calls.open(link);
  calls.begin(1, at(1));
  EXPECT_EQ(calls.cancelled(2, at(0)), nullptr);
  EXPECT_EQ(calls.cancelled(1, at(0)), link);
  EXPECT_TRUE(calls.any_cancelled());
  calls.answered(1);
  EXPECT_FALSE(calls.any_cancelled());
}

TEST_F(InFlightTest, BearsWithACancelledCallForAsLongAsItWasGivenAndAGrace) {
  calls.open(link);
  calls.begin(1, at(10));
  calls.cancelled(1, at(2)); // the client has left
  EXPECT_FALSE(calls.ignores_cancel(at(9), seconds(1)));
  EXPECT_FALSE(calls.ignores_cancel(at(10), seconds(1)));
  EXPECT_TRUE(calls.ignores_cancel(at(11), seconds(1)));
}

TEST_F(InFlightTest, CountsTheGraceFromACancellationThatCameLate) {
  calls.open(link);
  calls.begin(1, at(10));
  EXPECT_FALSE(calls.ignores_cancel(at(99), seconds(1))); // nobody told it
  calls.cancelled(1, at(20));
  EXPECT_FALSE(calls.ignores_cancel(at(20), seconds(1)));
  EXPECT_TRUE(calls.ignores_cancel(at(21), seconds(1)));
}

} // namespace
} // namespace plugboard::connector
