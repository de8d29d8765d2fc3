// A login from the first step to the proof, through the table that the hub calls.
#include "plugins/jwt/base64url.hpp"
#include "plugins/oidc/digest.hpp"
#include "plugins/oidc/test/fake_provider.hpp"

#include <gtest/gtest.h>

namespace oidc::test {
namespace {

using plugboard::Status;

TEST(LoginTest, GoesOverTheProviderAndEndsInAProof) {
  Setting setting;
  const auto challenge = setting.begin(R"({"redirect_uri":"https://chat.example/back","login_hint":"a@b.example"})");
  ASSERT_EQ(challenge.status, Status::challenged) << challenge.message;
  const std::string url = url_of(challenge);
  EXPECT_TRUE(url.starts_with("https://id.example/auth?response_type=code&client_id=hub&")) << url;
  EXPECT_EQ(parameter(url, "redirect_uri"), kBack);
  EXPECT_EQ(parameter(url, "scope"), "openid");
  EXPECT_EQ(parameter(url, "login_hint"), "a@b.example");
  EXPECT_EQ(parameter(url, "code_challenge_method"), "S256");
  EXPECT_EQ(challenge.data.find(parameter(url, "nonce")) == std::string::npos, false);

  const auto proof = setting.log_in();
  ASSERT_EQ(proof.status, Status::ok) << proof.message;
  EXPECT_NE(proof.data.find(R"("issuer":"https://id.example","subject":"cust-7")"), std::string::npos) << proof.data;
}

TEST(LoginTest, ProvesToTheProviderThatItBeganTheLogin) {
  Setting setting;
  const auto challenge = setting.begin();
  const std::string url = url_of(challenge);
  setting.provider.token_answer = R"({"id_token":"x"})";
  setting.come_back("?code=c%2F1&state=" + parameter(url, "state"), state_of(challenge));
  const std::string sent = "?" + setting.provider.last_token_request;
  EXPECT_EQ(parameter(sent, "grant_type"), "authorization_code");
  EXPECT_EQ(parameter(sent, "code"), "c/1");
  EXPECT_EQ(parameter(sent, "redirect_uri"), kBack);
  EXPECT_EQ(jwt::encode_base64url(sha2(256, parameter(sent, "code_verifier"))), parameter(url, "code_challenge"));
  EXPECT_EQ(parameter(url, "code_challenge").find(parameter(sent, "code_verifier")), std::string::npos);
  EXPECT_EQ(setting.provider.last_authorization, "Basic aHViOnAlMjVzcyUzQXdvcmQ=") << "hub:p%25ss%3Aword";
  EXPECT_EQ(parameter(sent, "client_secret"), "");
}

TEST(LoginTest, SendsTheSecretInTheBodyWhereThatIsAgreed) {
  Setting setting(R"(,"client_auth":"client_secret_post")");
  EXPECT_EQ(setting.log_in().status, Status::ok);
  const std::string sent = "?" + setting.provider.last_token_request;
  EXPECT_EQ(parameter(sent, "client_secret"), "p%ss:word");
  EXPECT_EQ(parameter(sent, "client_id"), "hub");
  EXPECT_EQ(setting.provider.last_authorization, "");
}

TEST(LoginTest, EachHasSecretsOfItsOwn) {
  Setting setting;
  const std::string one = url_of(setting.begin()), two = url_of(setting.begin());
  for (const char* name : {"state", "nonce", "code_challenge"}) EXPECT_NE(parameter(one, name), parameter(two, name));
}

TEST(LoginTest, ACallbackOfAnotherLoginIsRefused) {
  Setting setting;
  const auto mine = setting.begin(), other = setting.begin();
  const auto refused = setting.come_back("?code=c&state=" + parameter(url_of(other), "state"), state_of(mine));
  EXPECT_EQ(refused.status, Status::rejected);
  EXPECT_EQ(setting.come_back("?code=c", state_of(mine)).status, Status::rejected);
  EXPECT_EQ(setting.provider.asked["/token"], 0) << "the code goes nowhere";
}

TEST(LoginTest, ACallbackOfAnotherProviderIsRefused) {
  Setting setting;
  const auto challenge = setting.begin();
  const std::string query = "?code=c&state=" + parameter(url_of(challenge), "state");
  EXPECT_EQ(setting.come_back(query + "&iss=https%3A%2F%2Fevil.example", state_of(challenge)).status, Status::rejected);
  EXPECT_EQ(setting.provider.asked["/token"], 0);
}

TEST(LoginTest, AProviderThatNamesItselfIsHeldToThat) {
  Setting setting;
  setting.provider.metadata_more = R"(,"authorization_response_iss_parameter_supported":true)";
  EXPECT_EQ(setting.log_in().status, Status::rejected) << "no iss in the callback";
  const auto challenge = setting.begin();
  setting.provider.token_answer = R"({"id_token":"x"})";
  setting.come_back("?code=c&iss=https://id.example&state=" + parameter(url_of(challenge), "state"),
                    state_of(challenge));
  EXPECT_EQ(setting.provider.asked["/token"], 1);
}

TEST(LoginTest, SaysThatTheProviderDidNotLogIn) {
  Setting setting;
  const auto challenge = setting.begin();
  const auto refused = setting.come_back(
      "?error=access_denied&error_description=no&state=" + parameter(url_of(challenge), "state"), state_of(challenge));
  EXPECT_EQ(refused.status, Status::rejected);
  EXPECT_NE(refused.message.find("access_denied"), std::string::npos);
}

TEST(LoginTest, ACodeThatTheProviderDoesNotTakeProvesNothing) {
  Setting setting;
  setting.provider.token_status = 400;
  setting.provider.token_answer = R"({"error":"invalid_grant"})";
  EXPECT_EQ(setting.log_in().status, Status::rejected);
}

TEST(LoginTest, ToldApartFromTheCredentialIsWhatIsWrongWithTheProvider) {
  const std::pair<int, Status> ends[] = {{401, Status::upstream_unauthorized}, {403, Status::upstream_refused},
                                         {302, Status::upstream_refused},      {429, Status::upstream_rate_limited},
                                         {500, Status::upstream_failed},       {200, Status::upstream_malformed}};
  for (const auto& [status, ends_as] : ends) {
    Setting setting;
    setting.provider.token_status = status;
    setting.provider.token_answer = "<html>";
    EXPECT_EQ(setting.log_in().status, ends_as) << status;
  }
  Setting unknown_client;
  unknown_client.provider.token_status = 400;
  unknown_client.provider.token_answer = R"({"error":"invalid_client"})";
  EXPECT_EQ(unknown_client.log_in().status, Status::upstream_unauthorized);
  Setting no_token;
  no_token.provider.token_answer = R"({"access_token":"x"})";
  EXPECT_EQ(no_token.log_in().status, Status::upstream_malformed);
}

TEST(LoginTest, ATokenOfAnotherLoginIsRefused) {
  Setting setting;
  EXPECT_EQ(setting.log_in({{"nonce", "\"other\""}}).status, Status::rejected);
  EXPECT_EQ(setting.log_in({{"nonce", ""}}).status, Status::rejected);
  EXPECT_EQ(setting.log_in({{"aud", "\"other\""}}).status, Status::rejected);
}

TEST(LoginTest, AnAccessTokenInThePlaceOfAnIdTokenIsRefused) {
  Setting setting;
  setting.typ = "at+jwt";
  EXPECT_EQ(setting.log_in().status, Status::rejected);
}

TEST(LoginTest, AStrangersSignatureIsRefused) {
  Setting setting;
  setting.provider.jwks = jwt::test::jwks({key_b().jwk(R"("kid":"a")")});
  EXPECT_EQ(setting.log_in().status, Status::rejected);
}

TEST(LoginTest, AStepUpAsksForItAndIsHeldToIt) {
  Setting setting;
  const std::string wish = R"({"acr_values":["gold"],"max_age":30})";
  const std::string url = url_of(setting.begin(wish));
  EXPECT_EQ(parameter(url, "acr_values"), "gold");
  EXPECT_EQ(parameter(url, "max_age"), "30");
  const std::string lately = std::to_string(kNow - 5);
  const auto stepped = setting.log_in({{"acr", "\"gold\""}, {"auth_time", lately}}, wish);
  ASSERT_EQ(stepped.status, Status::ok) << stepped.message;
  EXPECT_NE(stepped.data.find(R"("assurance":"aal2")"), std::string::npos);
  EXPECT_EQ(setting.log_in({{"acr", "\"bronze\""}, {"auth_time", lately}}, wish).status, Status::rejected);
  EXPECT_EQ(setting.log_in({{"acr", "\"gold\""}, {"auth_time", std::to_string(kNow - 500)}}, wish).status,
            Status::rejected);
}

TEST(LoginTest, GoesBackOnlyWhereItIsConfigured) {
  Setting setting;
  for (const char* credential :
       {R"({"redirect_uri":"https://evil.example/back"})", R"({"redirect_uri":"https://chat.example/back/"})",
        R"({"redirect_uri":7})", R"({"scope":"admin"})", R"({"max_age":-1})", R"({"acr_values":"gold"})", "[]", "{"})
    EXPECT_EQ(setting.begin(credential).status, Status::rejected) << credential;
}

TEST(LoginTest, AStateThatIsNoneIsRefused) {
  Setting setting;
  for (const char* state : {"x", "{}", R"({"state":"s","nonce":"n","verifier":"v"})"})
    EXPECT_EQ(setting.come_back("?code=c&state=s", state).status, Status::rejected) << state;
}

TEST(LoginTest, NothingOfItIsLogged) {
  Setting setting;
  EXPECT_EQ(setting.log_in({{"nonce", "\"other\""}}).status, Status::rejected);
  for (const auto& line : setting.host.logs()) EXPECT_EQ(line.text.find("c-1"), std::string::npos) << line.text;
}

TEST(DirectTokenTest, IsRefusedUnlessItIsAllowed) {
  Setting setting;
  const std::string token = setting.provider.sign(setting.provider.id_claims());
  EXPECT_EQ(setting.begin(R"({"id_token":")" + token + "\"}").status, Status::rejected);
}

TEST(DirectTokenTest, ComesWithTheNonceThatItsClientAskedFor) {
  Setting setting(R"(,"id_tokens":"with_nonce")");
  auto claims = setting.provider.id_claims();
  claims["nonce"] = "\"n-1\"";
  const std::string token = R"({"id_token":")" + setting.provider.sign(claims) + "\"";
  EXPECT_EQ(setting.begin(token + R"(,"nonce":"n-1"})").status, Status::ok);
  EXPECT_EQ(setting.begin(token + R"(,"nonce":"n-2"})").status, Status::rejected);
  EXPECT_EQ(setting.begin(token + R"(,"nonce":""})").status, Status::rejected);
  EXPECT_EQ(setting.begin(token + "}").status, Status::rejected);
  EXPECT_EQ(setting.begin(token + R"(,"nonce":"n-1","more":1})").status, Status::rejected);
}

TEST(DirectTokenTest, MayDoWithoutANonceWhereTheOperatorSaysSo) {
  Setting setting(R"(,"id_tokens":"without_nonce")");
  EXPECT_EQ(setting.begin(R"({"id_token":")" + setting.provider.sign(setting.provider.id_claims()) + "\"}").status,
            Status::ok);
}

} // namespace
} // namespace oidc::test
