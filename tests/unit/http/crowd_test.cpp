#include "core/http/crowd.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace plugboard::http {
namespace {

using Entry = Crowd::Entry;

struct Visitors {
  Crowd& crowd;
  std::deque<Crowd::Place> places{};

  Entry enter(const std::string& address) { return crowd.enter(address, places.emplace_back()); }

  void first_leaves() { places.pop_front(); }
};

TEST(CrowdTest, IsFullAtItsMost) {
  Crowd crowd(2, 2);
  Visitors visitors{crowd};
  EXPECT_EQ(visitors.enter("192.0.2.1"), Entry::welcome);
  EXPECT_EQ(visitors.enter("192.0.2.2"), Entry::welcome);
  EXPECT_EQ(visitors.enter("192.0.2.3"), Entry::full);
  visitors.first_leaves();
  EXPECT_EQ(visitors.enter("192.0.2.3"), Entry::welcome);
}

TEST(CrowdTest, LetsOneAddressHaveItsShareOnly) {
  Crowd crowd(100, 2);
  Visitors visitors{crowd};
  EXPECT_EQ(visitors.enter("127.0.0.1"), Entry::welcome);
  EXPECT_EQ(visitors.enter("127.0.0.1"), Entry::welcome);
  EXPECT_EQ(visitors.enter("127.0.0.1"), Entry::too_many_from_there);
  EXPECT_EQ(visitors.enter("127.0.0.2"), Entry::welcome);
  visitors.first_leaves();
  EXPECT_EQ(visitors.enter("127.0.0.1"), Entry::welcome);
}

TEST(CrowdTest, GivesOneAddressAQuarterByItselfButThisMachineAll) {
  Crowd crowd(40, 0);
  Visitors visitors{crowd};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(visitors.enter("192.0.2.1"), Entry::welcome);
  EXPECT_EQ(visitors.enter("192.0.2.1"), Entry::too_many_from_there);
  for (const std::string here : {"127.0.0.1", "::1", "unix"})
    for (int i = 0; i < 10; ++i) EXPECT_EQ(visitors.enter(here), Entry::welcome) << here;
  EXPECT_EQ(visitors.enter("unix"), Entry::full);
}

TEST(CrowdTest, TakesANetworkOfSixForOneAddress) {
  Crowd crowd(100, 1);
  Visitors visitors{crowd};
  EXPECT_EQ(visitors.enter("2001:db8:1:2::1"), Entry::welcome);
  EXPECT_EQ(visitors.enter("2001:db8:1:2:ffff::9"), Entry::too_many_from_there);
  EXPECT_EQ(visitors.enter("2001:db8:1:3::1"), Entry::welcome);
  EXPECT_EQ(visitors.enter("::ffff:192.0.2.1"), Entry::welcome); // not one network, all those of v4
  EXPECT_EQ(visitors.enter("::ffff:192.0.2.2"), Entry::welcome);
}

} // namespace
} // namespace plugboard::http
