// Metadata and keys: kept, refreshed beside the logins, and never asked for more than they need to be.
#include "plugins/jwt/base64url.hpp"
#include "plugins/oidc/test/fake_provider.hpp"

#include <gtest/gtest.h>

namespace oidc::test {
namespace {

using plugboard::Status;
using plugboard::testkit::Scripted;

constexpr char kMetadata[] = "/.well-known/openid-configuration";

class ProviderTest : public ::testing::Test {
 protected:
  Status bring(std::string_view kid = "a") {
    return setting.begin(R"({"id_token":")" + setting.provider.sign(setting.provider.id_claims(), "", kid) + "\"}")
        .status;
  }

  // Of a provider that gives its keys no names.
  Status bring_without_kid(const jwt::test::SigningKey& key) {
    const auto named = setting.provider.sign(setting.provider.id_claims());
    const auto first = named.find('.') + 1;
    const auto payload = *jwt::decode_base64url(named.substr(first, named.rfind('.') - first));
    const auto token = key.token("ES256", R"({"alg":"ES256"})", payload);
    return setting.begin(R"({"id_token":")" + token + "\"}").status;
  }

  void publish(std::initializer_list<const char*> kids) {
    std::string keys;
    for (const std::string kid : kids)
      keys += (keys.empty() ? "" : ",") + (kid == "b" ? key_b() : key_a()).jwk(R"("kid":")" + kid + "\"");
    setting.provider.jwks = "{\"keys\":[" + keys + "]}";
  }

  int fetches() { return setting.provider.asked["/jwks"]; }

  Setting setting{R"(,"id_tokens":"without_nonce","keys":{"refresh_s":600,"stale_ok_s":3600})"};
};

TEST_F(ProviderTest, IsAskedOnceForManyLogins) {
  for (int i = 0; i < 100; ++i) ASSERT_EQ(bring(), Status::ok);
  EXPECT_EQ(fetches(), 1);
  EXPECT_EQ(setting.provider.asked[kMetadata], 1);
}

TEST_F(ProviderTest, ARotatedKeyIsFoundWhenItIsFirstUsed) {
  ASSERT_EQ(bring(), Status::ok);
  publish({"a", "b"});
  EXPECT_EQ(bring("b"), Status::ok);
  EXPECT_EQ(bring("a"), Status::ok);
  EXPECT_EQ(fetches(), 2);
}

TEST_F(ProviderTest, AKeyWithoutAKidIsFetchedAnewWhenItFitsNoMore) {
  setting.provider.jwks = jwt::test::jwks({key_a().jwk()});
  EXPECT_EQ(bring_without_kid(key_a()), Status::ok);
  setting.provider.jwks = jwt::test::jwks({key_b().jwk()});
  EXPECT_EQ(bring_without_kid(key_b()), Status::ok);
  EXPECT_EQ(bring_without_kid(key_a()), Status::rejected);
  EXPECT_EQ(fetches(), 2) << "forged ones cause no more than unknown kids do";
}

TEST_F(ProviderTest, UnknownKidsCauseOneFetchInHalfAMinute) {
  ASSERT_EQ(bring(), Status::ok);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(bring("unknown-" + std::to_string(i)), Status::rejected);
  EXPECT_EQ(fetches(), 2);
  world().uptime += 29;
  ASSERT_EQ(bring("unknown"), Status::rejected);
  EXPECT_EQ(fetches(), 2);
  world().uptime += 1;
  ASSERT_EQ(bring("unknown"), Status::rejected);
  EXPECT_EQ(fetches(), 3);
  EXPECT_EQ(bring(), Status::ok);
  EXPECT_EQ(setting.provider.asked[kMetadata], 1);
}

TEST_F(ProviderTest, AKeyThatIsTakenOutIsRefusedOnceTheKeysAreRefreshed) {
  ASSERT_EQ(bring(), Status::ok);
  publish({"b"});
  world().uptime += 600;
  ASSERT_EQ(bring(), Status::ok) << "the login that finds them old goes by what is known";
  EXPECT_EQ(bring(), Status::rejected);
  EXPECT_EQ(bring("b"), Status::ok);
}

TEST_F(ProviderTest, WhatWasGoodStaysGoodWhileTheProviderSendsNonsense) {
  ASSERT_EQ(bring(), Status::ok);
  const Scripted bad[] = {{.status = 500},
                          {.status = 302, .headers = {{"location", "https://evil.example/jwks"}}},
                          {.body = "<html>"},
                          {.body = R"({"keys":[]})"},
                          {.body = R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})"},
                          {.error = Status::too_large, .message = "over 256 KiB"},
                          {.error = Status::timeout, .message = "slow"}};
  for (const auto& page : bad) {
    setting.provider.pages["/jwks"] = page;
    world().uptime += 400;
    EXPECT_EQ(bring("unknown"), Status::rejected);
    EXPECT_EQ(bring(), Status::ok) << page.body;
  }
  EXPECT_LE(fetches(), 1 + 2 * 7);
}

TEST_F(ProviderTest, KeysThatAreTooStaleAreNotUsed) {
  ASSERT_EQ(bring(), Status::ok);
  setting.provider.pages[kMetadata] = {.error = Status::unreachable, .message = "gone"};
  world().uptime += 3600;
  EXPECT_EQ(bring(), Status::ok);
  world().uptime += 1;
  EXPECT_EQ(bring(), Status::unreachable);
  setting.provider.pages.clear();
  world().uptime += 5;
  EXPECT_EQ(bring(), Status::ok);
}

TEST_F(ProviderTest, AfterAFailureItIsLeftAloneForAWhile) {
  setting.provider.pages[kMetadata] = {.status = 503};
  for (int i = 0; i < 50; ++i) ASSERT_EQ(bring(), Status::upstream_failed);
  EXPECT_EQ(setting.provider.asked[kMetadata], 1);
  world().uptime += 5;
  ASSERT_EQ(bring(), Status::upstream_failed);
  EXPECT_EQ(setting.provider.asked[kMetadata], 2);
}

TEST_F(ProviderTest, MetadataOfAnotherIssuerAreNotUsed) {
  setting.provider.pages[kMetadata] = {.body = R"({"issuer":"https://evil.example"})"};
  EXPECT_EQ(bring(), Status::upstream_malformed);
  EXPECT_EQ(fetches(), 0);
}

TEST(SlowProviderTest, KeepsOnlyThoseWaitingWhoseKeyIsUnknown) {
  Setting setting(R"(,"id_tokens":"without_nonce")");
  FakeProvider& provider = setting.provider;
  const auto credential = [&](const char* kid) {
    return R"({"id_token":")" + provider.sign(provider.id_claims(), "", kid) + "\"}";
  };
  ASSERT_EQ(setting.begin(credential("a")).status, Status::ok);

  setting.host.http().serve(nullptr); // from here on requests wait for the test's answers
  auto first = setting.running->authenticate({.credential = credential("b")});
  auto second = setting.running->authenticate({.credential = credential("b")});
  EXPECT_FALSE(first.answered());
  EXPECT_EQ(setting.begin(credential("a")).status, Status::ok) << "a known key waits for nobody";
  setting.host.http().answer({.body = jwt::test::jwks({key_b().jwk(R"("kid":"b")")})});
  EXPECT_EQ(first.wait().status, Status::ok);
  EXPECT_EQ(second.wait().status, Status::ok) << "one fetch served both";
}

TEST(SlowProviderTest, LetsWhoeverIsCancelledGoAndFetchesForTheRest) {
  Setting setting(R"(,"id_tokens":"without_nonce")");
  FakeProvider& provider = setting.provider;
  const std::string credential = R"({"id_token":")" + provider.sign(provider.id_claims(), "", "b") + "\"}";
  ASSERT_EQ(setting.begin(R"({"id_token":")" + provider.sign(provider.id_claims()) + "\"}").status, Status::ok);

  setting.host.http().serve(nullptr);
  auto first = setting.running->authenticate({.credential = credential});
  auto second = setting.running->authenticate({.credential = credential});
  first.cancel();
  ASSERT_TRUE(first.answered());
  EXPECT_EQ(first.wait().status, Status::cancelled);
  EXPECT_FALSE(second.answered());
  setting.host.http().answer({.body = jwt::test::jwks({key_b().jwk(R"("kid":"b")")})});
  EXPECT_NE(second.wait().status, Status::cancelled);
}

TEST(SlowProviderTest, LetsWhoeverIsCancelledGoWhileNothingIsKnownYet) {
  Setting setting;
  setting.host.http().serve(nullptr);
  auto asked = setting.running->authenticate({.credential = "{}"});
  asked.cancel();
  ASSERT_TRUE(asked.answered());
  EXPECT_EQ(asked.wait().status, Status::cancelled);
}

TEST(SlowProviderTest, EndsWithTheConnector) {
  Setting setting;
  setting.host.http().serve(nullptr);
  auto asked = setting.running->authenticate({.credential = "{}"});
  EXPECT_FALSE(asked.answered());
  setting.running->stop();
  EXPECT_EQ(asked.wait().status, Status::cancelled);
}

} // namespace
} // namespace oidc::test
