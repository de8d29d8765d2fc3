#include "plugins/oidc/callback.hpp"

#include <gtest/gtest.h>

namespace oidc {
namespace {

constexpr char kBack[] = "https://chat.example/back";

bool taken(std::string_view text, std::string_view redirect_uri = kBack) {
  return bool(read_callback(text, redirect_uri));
}

TEST(CallbackTest, IsReadFromAUrlOrItsQuery) {
  for (const char* text :
       {"https://chat.example/back?code=a%20b&state=s%2B1&iss=https%3A%2F%2Fid.example",
        "?code=a+b&state=s%2B1&iss=https://id.example", "code=a+b&x=1&state=s%2b1&iss=https://id.example",
        "https://chat.example/back?code=a+b&state=s%2B1&iss=https://id.example#fragment"}) {
    const auto callback = read_callback(text, kBack);
    ASSERT_TRUE(callback) << text;
    EXPECT_EQ(callback->code, "a b");
    EXPECT_EQ(callback->state, "s+1");
    EXPECT_EQ(callback->issuer, "https://id.example");
    EXPECT_EQ(callback->error, "");
  }
}

TEST(CallbackTest, ComesBackToTheRedirectUriToTheLetter) {
  for (const char* text :
       {"https://chat.example/back/?code=a", "https://chat.example/backer?code=a", "http://chat.example/back?code=a",
        "https://evil.example/back?code=a", "https://chat.example/back", "HTTPS://chat.example/back?code=a",
        "https://chat.example/back&code=a"})
    EXPECT_FALSE(taken(text)) << text;
  EXPECT_TRUE(taken("https://chat.example/back?tab=1&code=a", "https://chat.example/back?tab=1"));
  EXPECT_FALSE(taken("https://chat.example/back?code=a", "https://chat.example/back?tab=1"));
  EXPECT_TRUE(taken("com.example.app://back?code=a", "com.example.app://back"));
}

TEST(CallbackTest, SaysNothingTwice) {
  for (const char* name : {"code", "state", "iss", "error"}) {
    const std::string once = std::string(name) + "=x";
    EXPECT_TRUE(taken(once)) << name;
    EXPECT_FALSE(taken(once + "&" + once)) << name;
    EXPECT_FALSE(taken(std::string(name) + "=")) << name;
  }
  EXPECT_FALSE(taken("c%6fde=a&code=b"));
  EXPECT_TRUE(taken("other=1&other=2&code=a"));
}

TEST(CallbackTest, BrokenTextIsRefused) {
  for (const char* text : {"code=%", "code=%4", "code=%zz", "%=1", "code=a%00b", "code=a%0ab"})
    EXPECT_FALSE(taken(text)) << text;
  EXPECT_FALSE(taken("code=" + std::string(kMostCallback, 'x')));
  EXPECT_TRUE(taken(""));
}

} // namespace
} // namespace oidc
