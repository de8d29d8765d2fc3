#include "core/http/ticket_keys.hpp"

#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

using namespace std::chrono_literals;

class TicketKeysTest : public testing::Test {
 protected:
  FakeClock clock;
  SeededRandom random{7};
  TicketKeys keys{clock, random};
};

TEST_F(TicketKeysTest, SealsWithOneKeyForAnHour) {
  const auto first = keys.to_seal();
  clock.advance(TicketKeys::kSealsFor - 1s);
  EXPECT_EQ(keys.to_seal().name, first.name);
  EXPECT_TRUE(keys.to_open(first.name)->current);
  clock.advance(1s);
  const auto second = keys.to_seal();
  EXPECT_NE(second.name, first.name);
  EXPECT_NE(second.cipher, first.cipher);
  EXPECT_NE(second.mac, first.mac);
}

TEST_F(TicketKeysTest, OpensWithAnOldKeyAsLongAsItsTicketsLive) {
  const auto first = keys.to_seal();
  clock.advance(TicketKeys::kSealsFor + TicketKeys::kTicketLife - 1s);
  const auto opener = keys.to_open(first.name);
  ASSERT_TRUE(opener);
  EXPECT_EQ(opener->key.cipher, first.cipher);
  EXPECT_EQ(opener->key.mac, first.mac);
  EXPECT_FALSE(opener->current) << "the client should get a newer ticket";
  clock.advance(1s);
  EXPECT_FALSE(keys.to_open(first.name));
}

TEST_F(TicketKeysTest, OpensNothingThatItDidNotSeal) {
  TicketKeys others{clock, random};
  EXPECT_FALSE(keys.to_open(others.to_seal().name));
}

} // namespace
} // namespace plugboard::http
