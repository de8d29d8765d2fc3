#include "core/http/crowd.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

namespace plugboard::http {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using enum Crowd::Entry;

struct Visitors {
  Crowd crowd;
  std::deque<Crowd::Place> places{};

  // One after the other, each from its address.
  std::vector<Crowd::Entry> enter(const std::vector<std::string>& addresses) {
    std::vector<Crowd::Entry> entries;
    for (const auto& address : addresses) entries.push_back(crowd.enter(address, places.emplace_back()));
    return entries;
  }

  void first_leaves() { places.pop_front(); }
};

std::vector<std::string> ten(const std::string& address) {
  return std::vector<std::string>(10, address);
}

TEST(CrowdTest, IsFullAtItsMost) {
  Visitors visitors{{2, 2}};
  EXPECT_THAT(visitors.enter({"192.0.2.1", "192.0.2.2", "192.0.2.3"}), ElementsAre(welcome, welcome, full));
  visitors.first_leaves();
  EXPECT_THAT(visitors.enter({"192.0.2.3"}), ElementsAre(welcome));
}

TEST(CrowdTest, LetsOneAddressHaveItsShareOnly) {
  Visitors visitors{{100, 2}};
  EXPECT_THAT(visitors.enter({"127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2"}),
              ElementsAre(welcome, welcome, too_many_from_there, welcome));
  visitors.first_leaves();
  EXPECT_THAT(visitors.enter({"127.0.0.1"}), ElementsAre(welcome));
}

TEST(CrowdTest, GivesOneAddressAQuarterByItselfButThisMachineAll) {
  Visitors visitors{{40, 0}};
  EXPECT_THAT(visitors.enter(ten("192.0.2.1")), Each(welcome));
  EXPECT_THAT(visitors.enter({"192.0.2.1"}), ElementsAre(too_many_from_there));
  for (const std::string here : {"127.0.0.1", "::1", "unix"})
    EXPECT_THAT(visitors.enter(ten(here)), Each(welcome)) << here;
  EXPECT_THAT(visitors.enter({"unix"}), ElementsAre(full));
}

TEST(CrowdTest, TakesANetworkOfSixForOneAddress) {
  Visitors visitors{{100, 1}};
  EXPECT_THAT(visitors.enter({"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"}),
              ElementsAre(welcome, too_many_from_there, welcome));
  EXPECT_THAT(visitors.enter({"::ffff:192.0.2.1", "::ffff:192.0.2.2"}), Each(welcome)); // not one network, all of v4
}

} // namespace
} // namespace plugboard::http
