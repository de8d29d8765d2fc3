#include "plugins/oidc/metadata.hpp"

#include <gtest/gtest.h>

namespace oidc {
namespace {

constexpr char kIssuer[] = "https://id.example/";

std::string metadata(const std::string& more = "", const std::string& issuer = kIssuer,
                     const std::string& token = "https://id.example/token") {
  return R"({"issuer":")" + issuer + R"(","authorization_endpoint":"https://id.example/auth","token_endpoint":")" +
         token + R"(","jwks_uri":"https://id.example/jwks")" + more + "}";
}

TEST(MetadataTest, IsFoundBesideTheIssuer) {
  EXPECT_EQ(discovery_url("https://id.example"), "https://id.example/.well-known/openid-configuration");
  EXPECT_EQ(discovery_url("https://id.example/"), "https://id.example/.well-known/openid-configuration");
  EXPECT_EQ(discovery_url("https://id.example/t/1"), "https://id.example/t/1/.well-known/openid-configuration");
}

TEST(MetadataTest, SaysWhereToGo) {
  const auto read = read_metadata(metadata(R"(,"authorization_response_iss_parameter_supported":true)"), kIssuer);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->authorization_endpoint, "https://id.example/auth");
  EXPECT_EQ(read->token_endpoint, "https://id.example/token");
  EXPECT_EQ(read->jwks_uri, "https://id.example/jwks");
  EXPECT_TRUE(read->names_itself_in_callbacks);
  EXPECT_FALSE(read_metadata(metadata(), kIssuer)->names_itself_in_callbacks);
}

TEST(MetadataTest, SpeaksForItsIssuerAlone) {
  EXPECT_FALSE(read_metadata(metadata(), "https://id.example"));
  EXPECT_FALSE(read_metadata(metadata("", "https://evil.example/"), kIssuer));
  EXPECT_FALSE(read_metadata("{}", kIssuer));
  EXPECT_FALSE(read_metadata("<html>", kIssuer));
}

TEST(MetadataTest, LeadsNowhereInTheClear) {
  EXPECT_FALSE(read_metadata(metadata("", kIssuer, "http://id.example/token"), kIssuer));
  EXPECT_FALSE(read_metadata(metadata("", kIssuer, "file:///etc/passwd"), kIssuer));
  EXPECT_FALSE(read_metadata(metadata("", kIssuer, ""), kIssuer));
}

TEST(MetadataTest, ThatDenyWhatIsNeededAreNoUse) {
  EXPECT_FALSE(read_metadata(metadata(R"(,"code_challenge_methods_supported":["plain"])"), kIssuer));
  EXPECT_TRUE(read_metadata(metadata(R"(,"code_challenge_methods_supported":["plain","S256"])"), kIssuer));
  EXPECT_FALSE(read_metadata(metadata(R"(,"response_types_supported":["id_token"])"), kIssuer));
}

} // namespace
} // namespace oidc
