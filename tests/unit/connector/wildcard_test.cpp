#include "core/connector/wildcard.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

TEST(WildcardTest, StarStandsForAnyCharacters) {
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("*", "anything"));
  EXPECT_TRUE(matches("https:*", "https:api.shop.example"));
  EXPECT_TRUE(matches("https:*.example", "https:a.b.example"));
  EXPECT_TRUE(matches("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(matches("exact", "exact"));
}

TEST(WildcardTest, AWishForHttpAsksForHttp2InTheClear) {
  EXPECT_TRUE(asks_for("http:*", "h2c:api.shop.example:8080"));
  EXPECT_TRUE(asks_for("http:api:80", "h2c:api:80"));
  EXPECT_FALSE(asks_for("http:api:80", "h2c:api:81"));
  EXPECT_FALSE(asks_for("https:*", "h2c:api:80"));
}

TEST(WildcardTest, WhatIsWrittenMustStandThere) {
  EXPECT_FALSE(matches("https:*", "http:api"));
  EXPECT_FALSE(matches("https:*.example", "https:example"));
  EXPECT_FALSE(matches("exact", "exactly"));
  EXPECT_FALSE(matches("a*b", "a-b-c"));
  EXPECT_FALSE(matches("", "x"));
}

TEST(WildcardTest, GrantsAreCutDownToWishes) {
  std::vector<std::string> unasked;
  const auto kept = wished({"https:a.example", "tcp:db:5432"}, {"https:*"}, unasked);
  EXPECT_EQ(kept, std::vector<std::string>{"https:a.example"});
  EXPECT_EQ(unasked, std::vector<std::string>{"tcp:db:5432"});
}

} // namespace
} // namespace plugboard::connector
