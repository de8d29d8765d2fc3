#include "core/base/ids.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace plugboard {
namespace {

using namespace std::chrono_literals;

TEST(Uuid7Test, CarriesItsTimeAndVersion) {
  FakeClock clock;
  SeededRandom random(1);
  const std::string id = new_uuid7(clock, random);
  EXPECT_TRUE(std::regex_match(id, std::regex("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
      << id;
  const auto time = std::stoull(id.substr(0, 8) + id.substr(9, 4), nullptr, 16);
  EXPECT_EQ(time, 1'767'225'600'000U);
}

TEST(Uuid7Test, SortsByTime) {
  FakeClock clock;
  SeededRandom random(1);
  std::string last = new_uuid7(clock, random);
  for (int i = 0; i < 1000; ++i) {
    clock.advance(1ms);
    std::string next = new_uuid7(clock, random);
    ASSERT_LT(last, next);
    last = std::move(next);
  }
}

TEST(CustomerIdTest, IsRandomInBase32) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = new_customer_id(random);
    ASSERT_TRUE(std::regex_match(id, std::regex("cus_[a-z2-7]{26}"))) << id;
    ASSERT_TRUE(seen.insert(id).second);
  }
}

TEST(TokenTest, HasItsFormAndChecksum) {
  SystemRandom random;
  for (int i = 0; i < 1000; ++i) {
    const Secret token = new_token("pbs_", random);
    ASSERT_TRUE(std::regex_match(std::string(token.reveal()), std::regex("pbs_[A-Za-z0-9_-]{43}[0-9A-Za-z]{6}")));
    ASSERT_TRUE(is_token("pbs_", token.reveal()));
    ASSERT_FALSE(is_token("pbk_", token.reveal()));
  }
}

TEST(TokenTest, ChecksumIsPublishedForScanners) { // outside tools compute it: it may never change

  class Zeros final : public Random {
   public:
    void fill(std::span<std::byte> bytes) override { std::fill(bytes.begin(), bytes.end(), std::byte{0}); }
  } zeros;

  EXPECT_EQ(new_token("pbs_", zeros).reveal(), "pbs_" + std::string(43, 'A') + "1X8hb6");
}

TEST(TokenTest, EveryMistypedCharacterIsNoticed) {
  SeededRandom random(3);
  const std::string token(new_token("pbs_", random).reveal());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string mistyped = token;
    mistyped[i] = mistyped[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(is_token("pbs_", mistyped)) << i;
    EXPECT_FALSE(is_token("pbs_", token.substr(0, i))) << i;
  }
  for (std::size_t i = 4; i + 1 < token.size(); ++i) { // neighbours swapped
    std::string swapped = token;
    std::swap(swapped[i], swapped[i + 1]);
    EXPECT_EQ(is_token("pbs_", swapped), swapped == token) << i;
  }
  EXPECT_FALSE(is_token("pbs_", token + "A"));
}

TEST(NamesTest, ConnectorNamesAreShortAndLower) {
  for (const char* good : {"a", "crm", "crm_2", "a2345678901234567890123456789012"})
    EXPECT_TRUE(is_connector_name(good)) << good;
  for (const char* bad :
       {"", "2crm", "_crm", "Crm", "crm-2", "crm.x", "cr m", "a23456789012345678901234567890123", "é"}) {
    EXPECT_FALSE(is_connector_name(bad)) << bad;
  }
  EXPECT_FALSE(is_connector_name(std::string_view("a\0", 2)));
}

TEST(NamesTest, IdentifierTypesMayBelongToAConnector) {
  for (const char* good : {"email", "crm.number"}) EXPECT_TRUE(is_identifier_type(good)) << good;
  for (const char* bad : {"", ".", "crm.", ".number", "crm.number.x", "Email", "crm..n"})
    EXPECT_FALSE(is_identifier_type(bad)) << bad;
}

TEST(NamesTest, ClientIdsStartWithALetterOrDigit) {
  for (const std::string& good : {std::string("desk"), std::string("Desk-1.eu_west"), std::string(64, 'a')}) {
    EXPECT_TRUE(is_client_id(good)) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("-desk"), std::string("de sk"), std::string("desk/1"), std::string(65, 'a')}) {
    EXPECT_FALSE(is_client_id(bad)) << bad;
  }
}

} // namespace
} // namespace plugboard
