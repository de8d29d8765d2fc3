#include "plugins/oidc/settings.hpp"
#include "plugins/oidc/test/fake_provider.hpp"

#include <gtest/gtest.h>

namespace oidc {
namespace {

std::string fault(const std::string& config) {
  try {
    static_cast<void>(read_settings(config));
  } catch (const std::exception& e) {
    return e.what();
  }
  return "";
}

TEST(SettingsTest, AClientHasASecretAndAWayToSendIt) {
  EXPECT_EQ(read_settings(test::config()).client_auth, ClientAuth::secret_basic);
  EXPECT_EQ(read_settings(test::config(R"(,"client_auth":"client_secret_post")")).client_auth, ClientAuth::secret_post);
  const std::string bare = R"({"issuer":"https://id.example","client_id":"hub","redirect_uris":["https://a.example/"])";
  EXPECT_EQ(read_settings(bare + "}").client_auth, ClientAuth::none);
  EXPECT_NE(fault(bare + R"(,"client_auth":"client_secret_basic"})"), "");
  EXPECT_NE(fault(test::config(R"(,"client_auth":"none")")), "");
  EXPECT_NE(fault(test::config(R"(,"client_auth":"private_key_jwt")")), "");
}

TEST(SettingsTest, NamesWhatIsWrong) {
  const auto with = [](const std::string& members) { return "{" + members + "}"; };
  const std::string id = R"("client_id":"hub")", issuer = R"("issuer":"https://id.example")",
                    back = R"("redirect_uris":["https://a.example/"])";
  EXPECT_EQ(fault(with(id + "," + issuer + "," + back)), "");
  EXPECT_NE(fault(with(issuer + "," + back)).find("/client_id"), std::string::npos);
  EXPECT_NE(fault(with(id + "," + back)).find("/issuer"), std::string::npos);
  EXPECT_NE(fault(with(id + "," + issuer)).find("/redirect_uris"), std::string::npos);
  EXPECT_EQ(fault(with(id + "," + issuer + R"(,"id_tokens":"with_nonce")")), "");
  EXPECT_NE(fault(with(id + R"(,"issuer":"http://id.example",)" + back)).find("/issuer"), std::string::npos);
  EXPECT_NE(fault(with(id + "," + issuer + "," + back + R"(,"scope":"email")")).find("/scope"), std::string::npos);
  for (const char* uri : {"/back", "javascript:alert(1)", "https://a.example/#x", "https://a.example/ b"})
    EXPECT_NE(fault(with(id + "," + issuer + R"(,"redirect_uris":[")" + uri + "\"]")).find("/redirect_uris/0"),
              std::string::npos)
        << uri;
  EXPECT_NE(fault(with(id + "," + issuer + "," + back + R"(,"keys":{"refresh_s":100,"stale_ok_s":10})")), "");
}

TEST(SettingsTest, AProviderIsReachedByHttpsOrIsHere) {
  for (const char* good : {"https://id.example", "https://id.example:8443/a?b=c", "http://127.0.0.1:3000",
                           "http://localhost/x", "http://[::1]:1"})
    EXPECT_TRUE(is_provider_url(good)) << good;
  for (const char* bad : {"", "id.example", "http://id.example", "ftp://id.example", "https://", "https:///x",
                          "https://a@b.example", "https://a.example/#x", "http://127.0.0.1.evil.example",
                          "http://localhost.evil.example", "https://a.example/ x", "https://a.example\\b"})
    EXPECT_FALSE(is_provider_url(bad)) << bad;
}

} // namespace
} // namespace oidc
