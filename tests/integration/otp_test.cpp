// A login by one-time code, from end to end: the plugin in a worker, the login's steps in the hub's store, the code by
// a sender over HTTP.
#include "plugins/otp/keyed_hash.hpp"
#include "tests/integration/hub_test.hpp"

#include <csignal>

namespace plugboard::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kPhone = "+46739876512";
constexpr const char* kSenderSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

class OtpLoginTest : public HubTest {
 protected:
  OtpLoginTest() {
    sender.on("/codes", UpstreamReply{.status = 202});
    system.on("/customer", UpstreamReply{.body = R"({"known": true})"});
  }

  // "code" in a worker, and a system that knows customers by their phone.
  // code: of the plugin's configuration, and what else belongs beside it.
  HubConfig configuration(const std::string& code = R"("code": {"attempts": 3})") const {
    const auto place = "127.0.0.1:" + std::to_string(sender.port());
    HubConfig config;
    config.environment["SENDER_SECRET"] = kSenderSecret;
    config.add("code",
               R"({"plugin": "otp", "config": {"issuer": "otp.shop.example", "recipients": {"phone": {}, "email": {}},
        "sender": {"url": "http://)" +
                   place + R"(/codes", "secret": {"env": "SENDER_SECRET"}},
        )" + code + R"(}, "grants": {"egress": ["http:)" +
                   place + "\"]}}");
    config.add("crm", rest_connector(system.port(), R"({"customer": {"shape": "record/v1",
        "needs": [[{"type": "phone", "verified": true}]], "url": "/customer?phone={phone}", "mapping": "identity"}})"));
    return config;
  }

  HubProcess& run_hub() {
    auto& hub = run(configuration());
    hub.keep_secret(kPhone);
    hub.keep_secret(kSenderSecret);
    return hub;
  }

  static Answer begin(HubProcess& hub) {
    return hub.post("/v1/sessions",
                    R"({"connector": "code", "credential": {"phone": ")" + std::string(kPhone) + "\"}}");
  }

  static Answer go_on(HubProcess& hub, const Answer& before, const std::string& credential, const char* key = kDesk) {
    const auto token = before.json().text("/continue");
    hub.keep_secret(token);
    return hub.post("/v1/sessions", R"({"continue": ")" + token + R"(", "credential": )" + credential + "}", key);
  }

  static std::string typed(const std::string& code) { return R"({"code": ")" + code + "\"}"; }

  std::string code() const { return Json::parse(sender.requests("/codes").back().body).text("/data/code"); }

  std::string wrong() const { return code() == "000000" ? "000001" : "000000"; }

  Upstream sender, system;
};

TEST_F(OtpLoginTest, ACustomerGetsACodeAndIsKnownEverywhere) {
  auto& hub = run_hub();
  const auto challenged = begin(hub);
  ASSERT_EQ(challenged.status, 202) << challenged.body << hub.raw_log();
  EXPECT_EQ(challenged.json().text("/challenge/type"), "code");
  EXPECT_EQ(challenged.json().text("/challenge/to"), "•••• 12");
  EXPECT_EQ(challenged.json().integer("/challenge/attempts_left"), 3);
  EXPECT_THAT(challenged.body, Not(HasSubstr(kPhone)));

  const auto wrongly = go_on(hub, challenged, typed(wrong()));
  ASSERT_EQ(wrongly.status, 202) << wrongly.body;
  EXPECT_EQ(wrongly.json().text("/challenge/status"), "wrong_code");
  EXPECT_EQ(wrongly.json().integer("/challenge/attempts_left"), 2);
  EXPECT_EQ(go_on(hub, challenged, typed(code())).status, 404) << "each step is there once";

  const auto session = go_on(hub, wrongly, typed(code()));
  ASSERT_EQ(session.status, 201) << session.body;
  EXPECT_EQ(session.json().text("/assurance"), "aal1");
  EXPECT_EQ(session.json().dump("/methods"), R"(["otp"])");
  EXPECT_EQ(session.json().text("/customer/identifiers/0/value"), kPhone);
  EXPECT_TRUE(session.json().truth("/customer/identifiers/0/verified"));
  EXPECT_EQ(session.json().text("/customer/identifiers/0/source"), "code");
  hub.keep_secret(session.json().text("/session"));
  const auto context = hub.context(session.json().text("/session"));
  EXPECT_EQ(status_of(context, "crm.customer"), "ok");
}

TEST_F(OtpLoginTest, TheSenderCanTellThatItIsTheHubThatAsks) {
  auto& hub = run_hub();
  ASSERT_EQ(begin(hub).status, 202);
  auto sent = sender.requests("/codes").back();
  const auto key = *otp::from_base64(std::string(kSenderSecret).substr(6));
  const auto text = sent.headers["webhook-id"] + "." + sent.headers["webhook-timestamp"] + "." + sent.body;
  EXPECT_EQ(sent.headers["webhook-signature"], "v1," + otp::base64(otp::hmac_sha256(key, text)));
  EXPECT_NEAR(std::stod(sent.headers["webhook-timestamp"]), static_cast<double>(unix_now()), 60);
  EXPECT_EQ(Json::parse(sent.body).text("/data/to"), kPhone);
}

TEST_F(OtpLoginTest, TheLastWrongCodeEndsTheLogin) {
  auto& hub = run_hub();
  auto step = begin(hub);
  for (int i = 0; i < 2; ++i) step = go_on(hub, step, typed(wrong()));
  const auto last = go_on(hub, step, typed(wrong()));
  EXPECT_EQ(last.status, 403);
  EXPECT_EQ(last.problem(), "credential-rejected");
  EXPECT_THAT(last.body, Not(HasSubstr("4673"))) << "nor is the client told whom it was tried for";
  EXPECT_EQ(go_on(hub, step, typed(code())).status, 404);
}

// Each login of these is worth one guess, as many as anybody likes: what limits them is the hub.
class OtpGuessesTest : public OtpLoginTest {
 protected:
  static constexpr int kMostGuesses = 20;

  HubProcess& run_hub() {
    auto& hub = run(configuration(R"("code": {"attempts": 1},
        "limits": {"per_recipient_per_hour": 1000, "per_recipient_per_day": 1000})"));
    for (const auto* phone : {kPhone, kOther}) hub.keep_secret(phone);
    return hub;
  }

  // A login from here on; right: by the code that was sent.
  Answer log_in(HubProcess& hub, const std::string& phone, const std::string& source, bool right) {
    const auto begun = hub.post("/v1/sessions", R"({"connector": "code", "source": ")" + source +
                                                    R"(", "credential": {"phone": ")" + phone + "\"}}");
    if (begun.status != 202) return begun;
    const auto token = begun.json().text("/continue");
    hub.keep_secret(token);
    auto answer = hub.post("/v1/sessions", R"({"continue": ")" + token + R"(", "source": ")" + source +
                                               R"(", "credential": )" + typed(right ? code() : wrong()) + "}");
    if (answer.status == 201) hub.keep_secret(answer.json().text("/session"));
    return answer;
  }

  static constexpr const char* kOther = "+46739876599";
};

TEST_F(OtpGuessesTest, AreRefusedFromWhereThereWereTooMany) {
  auto& hub = run_hub();
  for (int i = 0; i < kMostGuesses; ++i) {
    const auto guessed = log_in(hub, kPhone, "192.0.2.7", false);
    ASSERT_EQ(guessed.status, 403) << i << guessed.body;
    EXPECT_EQ(guessed.problem(), "credential-rejected");
  }
  for (const bool right : {false, true}) { // else there were one guess more behind each wait
    const auto refused = log_in(hub, kPhone, "192.0.2.7", right);
    EXPECT_EQ(refused.status, 429) << refused.body;
    EXPECT_EQ(refused.problem(), "overloaded");
    EXPECT_THAT(std::stoi(refused.header("retry-after")), testing::AllOf(testing::Ge(1), testing::Le(60)));
    EXPECT_THAT(refused.body, Not(HasSubstr("4673")));
  }
  EXPECT_EQ(log_in(hub, kPhone, "192.0.2.8", true).status, 201) << "the same customer, from elsewhere";
  EXPECT_EQ(log_in(hub, kOther, "192.0.2.7", true).status, 201) << "another customer, from there";
  EXPECT_EQ(hub.events("session.too_many_guesses").size(), 2U);
}

TEST_F(OtpLoginTest, AnotherClientCanNotGoOnWithIt) {
  auto& hub = run_hub();
  const auto mine = begin(hub);
  EXPECT_EQ(go_on(hub, mine, typed(code()), kBot).status, 404);
  EXPECT_EQ(go_on(hub, mine, typed(code())).status, 201) << "and takes it from nobody by trying";
}

TEST_F(OtpLoginTest, AnotherWorkerGoesOnWithIt) {
  auto& hub = run_hub();
  const auto challenged = begin(hub);
  ASSERT_EQ(challenged.status, 202);
  const auto worker = [&] { return hub.admin("/admin/v1/connectors").json(); };
  ASSERT_EQ(worker().text("/connectors/1/name"), "code");
  ASSERT_EQ(::kill(static_cast<pid_t>(worker().integer("/connectors/1/worker/pid")), SIGKILL), 0);
  ASSERT_TRUE(eventually([&] { return worker().integer("/connectors/1/worker/starts") == 2; }));
  ASSERT_TRUE(eventually([&] { return worker().text("/connectors/1/worker/state") == "up"; }));
  EXPECT_EQ(go_on(hub, challenged, typed(code())).status, 201);
}

TEST_F(OtpLoginTest, AMessageThatMayNotHaveArrivedIsSentOnceMoreUnderItsId) {
  auto& hub = run_hub();
  sender.on("/codes", UpstreamReply{.status = 500});
  const auto failed = begin(hub);
  EXPECT_EQ(failed.status, 503);
  EXPECT_EQ(failed.problem(), "authentication-unavailable");
  auto sent = sender.requests("/codes");
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].headers["webhook-id"], sent[1].headers["webhook-id"]);
  EXPECT_EQ(sent[0].body, sent[1].body);
}

TEST_F(OtpLoginTest, ARecipientThatIsNoneIsToldFromNothingElse) {
  auto& hub = run_hub();
  const auto refused = hub.post("/v1/sessions", R"({"connector": "code", "credential": {"phone": "0701234512"}})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.problem(), "credential-rejected");
  EXPECT_TRUE(sender.requests("/codes").empty());
}

} // namespace
} // namespace plugboard::test
