#include "tests/reliability/chaos/markers.hpp"

#include <gmock/gmock.h>

#include <array>

namespace plugboard::test {
namespace {

TEST(MarkersTest, AreAllDifferent) {
  Markers markers(1);
  EXPECT_NE(markers.mint(1), markers.mint(1));
  EXPECT_EQ(markers.mint(1).size(), 32U);
  EXPECT_EQ(markers.minted(), 3U);
}

TEST(MarkersTest, CountsThoseOfTheOwners) {
  Markers markers(1);
  const auto text = "{\"a\":\"" + markers.mint(1) + "\",\"b\":\"x" + markers.mint(2) + "\"}";
  const std::array<Markers::Owner, 2> both{1, 2};
  const auto seen = markers.look(text, both);
  EXPECT_EQ(seen.own, 2U);
  EXPECT_TRUE(seen.foreign.empty());
}

TEST(MarkersTest, FindsAForeignOneAnywhere) {
  Markers markers(1);
  const auto foreign = markers.mint(9), own = markers.mint(1);
  const std::array<Markers::Owner, 1> allowed{1};
  for (const auto& text : {foreign, "X-Marker: " + foreign + "\r\n", own + foreign, "ab" + foreign + "cd"})
    EXPECT_FALSE(markers.look(text, allowed).foreign.empty()) << text;
}

TEST(MarkersTest, FindsHalfOfAForeignOne) {
  Markers markers(1);
  const auto foreign = markers.mint(9);
  const std::array<Markers::Owner, 1> allowed{1};
  EXPECT_FALSE(markers.look("..." + foreign.substr(0, 20), allowed).foreign.empty());
  EXPECT_FALSE(markers.look(foreign.substr(10) + "...", allowed).foreign.empty());
  EXPECT_FALSE(markers.look("upper case " + std::string("0x") + foreign, allowed).foreign.empty());
}

TEST(MarkersTest, TakesNothingElseForOne) {
  Markers markers(1);
  markers.mint(9);
  EXPECT_TRUE(markers.look("0197aaaa-bbbb-7ccc-8ddd-eeeeffff0000 " + std::string(200, 'a'), {}).foreign.empty());
}

} // namespace
} // namespace plugboard::test
