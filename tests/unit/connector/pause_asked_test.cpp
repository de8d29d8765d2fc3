#include "core/connector/pause_asked.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

using namespace std::chrono_literals;

const WallTime kNow = parse_rfc3339("2026-11-22T12:00:00Z").value();

Duration of(int status, http::Headers headers) {
  return pause_asked({status, std::move(headers), ""}, kNow);
}

TEST(PauseAskedTest, RetryAfterInSecondsOrAsATime) {
  EXPECT_EQ(of(429, {{"retry-after", "7"}}), 7s);
  EXPECT_EQ(of(503, {{"retry-after", " 120 "}}), 120s);
  for (const char* form :
       {"Sun, 22 Nov 2026 12:00:30 GMT", "Sunday, 22-Nov-26 12:00:30 GMT", "Sun Nov 22 12:00:30 2026"})
    EXPECT_EQ(of(429, {{"retry-after", form}}), 30s) << form;
  EXPECT_EQ(of(429, {{"retry-after", "Sun, 22 Nov 2026 11:59:30 GMT"}}), 0s);
}

TEST(PauseAskedTest, ATimeIsReadAgainstTheAnswersOwnClock) {
  EXPECT_EQ(of(429, {{"date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"retry-after", "Sun, 06 Nov 1994 08:50:37 GMT"}}),
            60s);
}

TEST(PauseAskedTest, RateLimitHeadersWhereThereIsNoRetryAfter) {
  EXPECT_EQ(of(429, {{"ratelimit-remaining", "0"}, {"ratelimit-reset", "9"}}), 9s);
  EXPECT_EQ(of(429, {{"x-ratelimit-reset", "11"}}), 11s);
  EXPECT_EQ(of(429, {{"x-rate-limit-remaining", "0"}, {"x-rate-limit-reset", "12"}}), 12s);
  EXPECT_EQ(of(503, {{"x-ratelimit-reset", "1795348845"}}), 45s) << "a time of Unix";
  EXPECT_EQ(of(429, {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "0.25"}}), 250ms);
  EXPECT_EQ(of(429, {{"ratelimit", "\"default\";r=0;t=30, \"day\";r=12;t=1800"}}), 30s);
  EXPECT_EQ(of(429, {{"ratelimit", "\"a\"; r=0; t=30,\"b\";r=0;t=50"}}), 50s);
  EXPECT_EQ(of(429, {{"retry-after", "3"}, {"ratelimit-reset", "9"}}), 3s);
}

TEST(PauseAskedTest, WhatRanOutIsSomethingElse) {
  EXPECT_EQ(of(429, {{"ratelimit-remaining", "5"}, {"ratelimit-reset", "9"}}), 0s);
  EXPECT_EQ(of(429, {{"ratelimit", "\"default\";r=1;t=30"}}), 0s);
}

TEST(PauseAskedTest, OnlyA429Or503Asks) {
  for (const int status : {200, 301, 404, 500, 502})
    EXPECT_EQ(of(status, {{"retry-after", "7"}, {"ratelimit-remaining", "0"}, {"ratelimit-reset", "9"}}), 0s) << status;
}

TEST(PauseAskedTest, WordsThatSayNothingAreNothing) {
  EXPECT_EQ(of(429, {}), 0s);
  for (const char* word : {"", "soon", "-7", "+7", "7s", "0x7", "nan", "inf", "1e3", "Sun, 31 Feb 2026 12:00:30 GMT",
                           "Sun, 22 Nov 2026 12:00:30 CET", "\xff\xfe"}) {
    EXPECT_EQ(of(429, {{"retry-after", word}}), 0s) << word;
    EXPECT_EQ(of(429, {{"ratelimit-reset", word}}), 0s) << word;
    EXPECT_EQ(of(429, {{"ratelimit", "r=0;t=" + std::string(word)}}), 0s) << word;
  }
  EXPECT_EQ(of(429, {{"retry-after", std::string(500, '9')}}), 24h);
  EXPECT_EQ(of(429, {{"ratelimit", std::string(10'000, ';') + ",,,;=;r;t"}}), 0s);
}

} // namespace
} // namespace plugboard::connector
