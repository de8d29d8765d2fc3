#include "core/session/keys.hpp"

#include <gtest/gtest.h>

#include <set>

namespace plugboard::session {
namespace {

std::map<std::string, Secret> two_keys() {
  std::map<std::string, Secret> keys;
  keys.emplace("k1", Secret(std::string(32, 'a')));
  keys.emplace("k2", Secret(std::string(32, 'b')));
  return keys;
}

TEST(KeysTest, RefusesAShortKeyByItsName) {
  auto keys = two_keys();
  keys.insert_or_assign("k2", Secret(std::string(31, 'b')));
  const auto made = Keys::make("k1", std::move(keys));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Code::invalid_argument);
  EXPECT_NE(made.error().message.find("\"k2\" has 31 bytes"), std::string::npos) << made.error().message;
}

TEST(KeysTest, RefusesACurrentKeyThatIsNotThere) {
  const auto made = Keys::make("k9", two_keys());
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("\"k9\""), std::string::npos);
}

TEST(KeysTest, HashesDifferentlyByKeyPurposeAndToken) {
  const Keys first = Keys::make("k1", two_keys()).value();
  const Keys second = Keys::make("k2", two_keys()).value();
  const std::set<std::string> digests{first.hash("session", "t").digest, first.hash("client", "t").digest,
                                      first.hash("session", "u").digest, second.hash("session", "t").digest,
                                      first.hash("sessiont", "").digest};
  EXPECT_EQ(digests.size(), 5U);
  EXPECT_EQ(first.hash("session", "t"), first.hash("session", "t"));
}

TEST(KeysTest, OffersTheHashUnderEachKeyTheCurrentOneFirst) {
  const Keys first = Keys::make("k1", two_keys()).value();
  const Keys second = Keys::make("k2", two_keys()).value();
  const auto candidates = second.candidates("session", "t");
  ASSERT_EQ(candidates.size(), 2U);
  EXPECT_EQ(candidates[0], second.hash("session", "t"));
  EXPECT_EQ(candidates[1], first.hash("session", "t"));
}

} // namespace
} // namespace plugboard::session
