#include "core/daemon/agent_limits.hpp"

#include "core/http/crowd.hpp"

#include <gtest/gtest.h>

namespace plugboard::daemon {
namespace {

TEST(AgentLimitsTest, KeepsAQuarterOfTheDescriptorsForOtherThings) {
  const auto log = no_log();
  http::ServerLimits wished;
  wished.connections = 10'000;
  EXPECT_EQ(agent_limits(wished, 1024, *log).connections, 768U);
  EXPECT_EQ(agent_limits(wished, 1'000'000, *log).connections, 10'000U);
}

TEST(AgentLimitsTest, CountsForAllServersOfTheListenerTogether) {
  const auto log = no_log();
  http::ServerLimits wished;
  wished.connections = 2;
  const auto limits = agent_limits(wished, 1024, *log);
  ASSERT_TRUE(limits.crowd);
  http::Crowd::Place one, two, three;
  EXPECT_EQ(limits.crowd->enter("unix", one), http::Crowd::Entry::welcome);
  EXPECT_EQ(limits.crowd->enter("unix", two), http::Crowd::Entry::welcome);
  EXPECT_EQ(limits.crowd->enter("unix", three), http::Crowd::Entry::full);
}

} // namespace
} // namespace plugboard::daemon
