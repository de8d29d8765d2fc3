// The connector through the plugin's C table, as a hub drives it.
#include "plugins/jwt/connector.hpp"
#include "plugins/jwt/test/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <dlfcn.h>

#include <chrono>
#include <thread>

namespace jwt::test {
namespace {

using plugboard::Status;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;
namespace testkit = plugboard::testkit;

struct ConnectorAtNow : Connector {
  ConnectorAtNow(plugboard::Host host, std::string_view config) : Connector(host, config, [] { return kNow; }) {}
};

constexpr char kChatSecret[] = "the-chat-widget's-secret-of-40-characters";

class ConnectorTest : public testing::Test {
 protected:
  ConnectorTest() {
    host_.secret("chat", kChatSecret);
    host_.files().write("keys/login.jwks", old_jwks());
  }

  std::unique_ptr<testkit::Running> start(std::string config = shop_config()) {
    return std::make_unique<testkit::Running>(host_, testkit::connector<ConnectorAtNow>(), config);
  }

  static testkit::Answer present(testkit::Running& connector, const std::string& token) {
    return connector.authenticate({.credential = R"({"token":")" + token + "\"}"}).wait();
  }

  // Tokens of the login, signed by a key of ours or by the one it changes to.
  static std::string old_token() { return login_token(); }

  static std::string new_token() {
    return shop_keys().stranger_ec.token("ES256", header("ES256", "next"), ClaimsText{}.text());
  }

  static std::string old_jwks() { return jwks({shop_keys().ec.jwk(R"("kid":"ec")")}); }

  static std::string new_jwks() { return jwks({shop_keys().stranger_ec.jwk(R"("kid":"next")")}); }

  testkit::FakeHost host_;
};

TEST_F(ConnectorTest, AnswersAGoodTokenWithAProof) {
  auto connector = start(shop_config(R"("session_ends_with_token": true,
      "identifiers": {"email": {"claim": "email", "verified_claim": "email_verified"}})"));
  auto asked = connector->authenticate(
      {.credential =
           R"({"token":")" + login_token({.more = R"("email":"a@b.example","email_verified":true)"}) + "\"}"});
  EXPECT_EQ(asked.completions(), 1) << "at once, on the caller's thread";
  auto answer = asked.wait();
  ASSERT_EQ(answer.status, Status::ok) << answer.message;
  Document data;
  ASSERT_EQ(read_json_object(answer.data, data), std::nullopt) << answer.data;
  EXPECT_EQ(text_member(data, "issuer"), "https://login.shop.example");
  EXPECT_EQ(text_member(data, "subject"), "cust-7");
  EXPECT_EQ(text_member(data, "assurance"), "aal1");
  EXPECT_EQ(data["authenticated_at"].GetInt64(), kNow);
  EXPECT_EQ(data["expires_at"].GetInt64(), kNow + 600);
  EXPECT_STREQ(data["methods"][0].GetString(), "jwt");
  ASSERT_EQ(answer.identifiers.size(), 1u);
  EXPECT_EQ(answer.identifiers[0].type, "email");
  EXPECT_EQ(answer.identifiers[0].value, "a@b.example");
  EXPECT_TRUE(answer.identifiers[0].verified);
}

TEST_F(ConnectorTest, TakesTheWidgetsTokenByTheSecret) {
  EXPECT_EQ(present(*start(), chat_token()).status, Status::ok);
}

TEST_F(ConnectorTest, RejectsABadTokenWithAReason) {
  auto answer = present(*start(), login_token({.exp = "1700000000"}));
  EXPECT_EQ(answer.status, Status::rejected);
  EXPECT_EQ(answer.message, "the token has expired");
  EXPECT_TRUE(answer.data.empty());
}

TEST_F(ConnectorTest, RejectsCredentialsThatAreNoToken) {
  auto connector = start();
  auto good = "\"token\":\"" + login_token() + "\"";
  for (const std::string& credential :
       {std::string("{}"), std::string("[]"), std::string(""), std::string(R"({"token":null})"),
        std::string(R"({"token":["a"]})"), std::string(R"({"jwt":"a.b.c"})"), "{" + good + ",\"x\":1}",
        "{" + good + "," + good + "}"}) {
    auto answer = connector->authenticate({.credential = credential}).wait();
    EXPECT_EQ(answer.status, Status::rejected) << credential;
    EXPECT_THAT(answer.message, HasSubstr("credential"));
  }
}

TEST_F(ConnectorTest, RefusesAShortSecretWithASentence) {
  host_.secret("chat", "only-31-bytes-are-too-few-bytes");
  EXPECT_THAT([&] { start(); },
              ThrowsMessage<std::runtime_error>(AllOf(HasSubstr("chat.shop.example"), HasSubstr("at least 32 bytes"),
                                                      HasSubstr("has 31"), Not(HasSubstr("too-few")))));
}

TEST_F(ConnectorTest, RefusesAHandleThatTheHubDoesNotKnow) {
  auto config = R"({"issuers":[{"issuer":"a","audience":"b","hs256":{"secret":"other"}}]})";
  EXPECT_THAT([&] { start(config); }, ThrowsMessage<std::runtime_error>(HasSubstr("no such secret")));
}

TEST_F(ConnectorTest, RefusesAKeySetThatIsNotGranted) {
  auto config = R"({"issuers":[{"issuer":"a","audience":"b","jwks":"keys/other.jwks"}]})";
  EXPECT_THAT([&] { start(config); }, ThrowsMessage<std::runtime_error>(HasSubstr("\"ro:keys/other.jwks\"")));
  host_.without(PLUGBOARD_HOST_FILES_V1);
  EXPECT_THAT([&] { start(); }, ThrowsMessage<std::runtime_error>(HasSubstr("this hub")));
}

TEST_F(ConnectorTest, TakesANewKeySetAtOnceAndForgetsTheOldKeys) {
  auto connector = start();
  EXPECT_EQ(present(*connector, new_token()).status, Status::rejected);
  host_.files().write("keys/login.jwks", new_jwks());
  EXPECT_EQ(present(*connector, new_token()).status, Status::ok);
  EXPECT_EQ(present(*connector, old_token()).status, Status::rejected);
  EXPECT_EQ(present(*connector, chat_token()).status, Status::ok) << "the other issuer's key stays";
}

TEST_F(ConnectorTest, KeepsTheOldKeysWhenANewFileIsBad) {
  auto connector = start();
  for (std::string bad : {"", "{\"keys\":[", "{\"keys\":[]}", "<html>", "{\"keys\":[{\"kty\":\"RSA\"}]}"}) {
    host_.files().write("keys/login.jwks", bad);
    EXPECT_EQ(present(*connector, old_token()).status, Status::ok) << bad;
  }
  EXPECT_TRUE(host_.logged("the keys from before stay in use"));
  EXPECT_EQ(host_.logs().back().level, PLUGBOARD_LOG_WARN);
  host_.files().write("keys/login.jwks", new_jwks());
  EXPECT_EQ(present(*connector, new_token()).status, Status::ok) << "and it goes on watching";
}

TEST_F(ConnectorTest, StartsWithoutAReadableKeySetAndRecovers) {
  host_.files().grant_unreadable("keys/login.jwks");
  auto connector = start();
  EXPECT_TRUE(host_.logged("can't be read now"));
  auto answer = present(*connector, old_token());
  EXPECT_EQ(answer.status, Status::failed) << "it is not the customer's fault";
  EXPECT_EQ(present(*connector, chat_token()).status, Status::ok);
  host_.files().write("keys/login.jwks", old_jwks());
  EXPECT_EQ(present(*connector, old_token()).status, Status::ok);
}

TEST_F(ConnectorTest, SaysWhichKeysItLeavesOut) {
  host_.files().write("keys/login.jwks",
                      jwks({shop_keys().ec.jwk(R"("kid":"ec")"), R"({"kty":"oct","k":"AAAA","kid":"x"})"}));
  start();
  EXPECT_TRUE(host_.logged("in the key set keys/login.jwks, the key \"x\" is left out"));
}

TEST_F(ConnectorTest, VerifiesWhileKeysRotate) {
  auto connector = start();
  std::atomic<int> good = 0, odd = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 3; ++i)
      clients.emplace_back([&] {
        for (int n = 0; n < 60; ++n) {
          auto one = present(*connector, old_token()).status, other = present(*connector, new_token()).status;
          for (auto status : {one, other}) {
            if (status == Status::ok) ++good;
            if (status != Status::ok && status != Status::rejected) ++odd;
          }
        }
      });
    for (int n = 0; n < 60; ++n) host_.files().write("keys/login.jwks", n % 2 ? old_jwks() : new_jwks());
  }
  EXPECT_GT(good, 0);
  EXPECT_EQ(odd, 0);
  EXPECT_EQ(present(*connector, old_token()).status, Status::ok);
}

TEST_F(ConnectorTest, WorksAsTheBuiltPluginByTheRealClock) {
  void* library = dlopen(PLUGIN_FILE, RTLD_NOW | RTLD_LOCAL);
  ASSERT_NE(library, nullptr) << dlerror();
  auto entry = reinterpret_cast<decltype(&plugboard_connector_entry_v1)>(dlsym(library, PLUGBOARD_ENTRY_SYMBOL));
  ASSERT_NE(entry, nullptr) << dlerror();
  EXPECT_STREQ(entry()->name, "jwt");
  testkit::Running connector(host_, entry(), shop_config());
  using std::chrono::system_clock;
  auto now = std::chrono::duration_cast<std::chrono::seconds>(system_clock::now().time_since_epoch()).count();
  EXPECT_EQ(present(connector, login_token({.exp = std::to_string(now + 600)})).status, Status::ok);
  EXPECT_EQ(present(connector, login_token({.exp = std::to_string(now - 600)})).message, "the token has expired");
}

TEST_F(ConnectorTest, LogsNothingOfTokensAndSecrets) {
  auto connector = start();
  present(*connector, old_token());
  present(*connector, new_token());
  present(*connector, chat_token());
  auto signature = old_token().substr(old_token().rfind('.'));
  for (const auto& line : host_.logs())
    EXPECT_THAT(line.text, AllOf(Not(HasSubstr(kChatSecret)), Not(HasSubstr(signature)), Not(HasSubstr("cust-7"))));
}

} // namespace
} // namespace jwt::test
