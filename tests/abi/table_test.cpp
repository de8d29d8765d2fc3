// From a class to the ABI's table: lifecycle, and answers given on the spot.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::testkit {
namespace {

// What it was told to do stands in its configuration.
struct Life {
  static inline std::vector<std::string> events; // cleared by each test
};

class Blocking : public Lookup {
 public:
  Blocking(Host, std::string_view config) : config_(config) {
    if (config_ == "create throws") throw std::runtime_error("the setting \"url\" is no address");
    if (config_ == "create throws int") throw 7;
    if (config_ == "create throws long") throw std::runtime_error(std::string(510, 'x') + "åäö");
    Life::events.push_back("create");
  }

  ~Blocking() override { Life::events.push_back("destroy"); }

  void start() {
    Life::events.push_back("start");
    if (config_ == "start throws") throw std::runtime_error("the database does not answer");
  }

  void stop() {
    Life::events.push_back("stop");
    if (config_ == "stop throws") throw std::runtime_error("a thread would not end");
  }

  Result<Section> lookup(const Request& request) override {
    if (request.section() == "exception") throw std::runtime_error("out of luck");
    if (request.section() == "int") throw 7;
    if (request.section() == "limited")
      return Failure{Status::upstream_rate_limited, "slow down", std::chrono::seconds(3)};
    auto email = request.find("email");
    return Section{R"({"customer_id":"1"})",
                   {{"customer_id", "1", true}, {"seen", email ? std::string(email->value) : "nobody", false}}};
  }

 private:
  std::string config_;
};

class TableTest : public testing::Test {
 protected:
  void SetUp() override { Life::events.clear(); }

  FakeHost host_;
};

TEST_F(TableTest, SaysWhatItIs) {
  const auto* table = detail::table<Blocking>("shop", "1.2.3");
  EXPECT_EQ(table->p.magic, PLUGBOARD_MAGIC);
  EXPECT_EQ(table->p.abi_major, 1);
  EXPECT_EQ(table->p.struct_size, sizeof(plugboard_connector));
  EXPECT_STREQ(table->name, "shop");
  EXPECT_STREQ(table->version, "1.2.3");
  EXPECT_EQ(table->min_host_minor, 0);
}

TEST_F(TableTest, LivesFromCreateToDestroy) {
  { Running plugin(host_, connector<Blocking>()); }
  EXPECT_EQ(Life::events, (std::vector<std::string>{"create", "start", "stop", "destroy"}));
}

TEST_F(TableTest, StopsOnceHoweverOftenItIsTold) {
  {
    Running plugin(host_, connector<Blocking>());
    plugin.stop();
    plugin.stop();
  }
  EXPECT_EQ(Life::events, (std::vector<std::string>{"create", "start", "stop", "destroy"}));
}

TEST_F(TableTest, MayBeDestroyedWithoutStart) {
  void* instance = nullptr;
  const auto* table = connector<Blocking>();
  ASSERT_EQ(table->create(host_.raw(), str("{}"), &instance, nullptr), PLUGBOARD_OK);
  table->destroy(instance);
  EXPECT_EQ(Life::events, (std::vector<std::string>{"create", "stop", "destroy"}));
}

TEST_F(TableTest, SaysWhyItWasNotCreated) {
  void* instance = nullptr;
  plugboard_error error{};
  const auto* table = connector<Blocking>();
  EXPECT_EQ(table->create(host_.raw(), str("create throws"), &instance, &error), PLUGBOARD_FAILED);
  EXPECT_EQ(error.code, PLUGBOARD_FAILED);
  EXPECT_STREQ(error.message, "the setting \"url\" is no address");
  EXPECT_EQ(instance, nullptr);
  EXPECT_EQ(table->create(host_.raw(), str("create throws int"), &instance, &error), PLUGBOARD_INTERNAL);
  EXPECT_EQ(table->create(host_.raw(), str("create throws int"), &instance, nullptr), PLUGBOARD_INTERNAL);
}

TEST_F(TableTest, CutsALongMessageBetweenCharacters) {
  void* instance = nullptr;
  plugboard_error error{};
  connector<Blocking>()->create(host_.raw(), str("create throws long"), &instance, &error);
  EXPECT_EQ(error.message, std::string(510, 'x'));
}

TEST_F(TableTest, SaysWhyItDidNotStart) {
  try {
    Running plugin(host_, connector<Blocking>(), "start throws");
    FAIL() << "it must refuse";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "the database does not answer");
  }
  EXPECT_EQ(Life::events.back(), "destroy");
}

TEST_F(TableTest, LogsWhatStopThrew) {
  { Running plugin(host_, connector<Blocking>(), "stop throws"); }
  EXPECT_TRUE(host_.logged("a thread would not end"));
  EXPECT_EQ(Life::events.back(), "destroy");
}

TEST_F(TableTest, AnswersALookup) {
  Running plugin(host_, connector<Blocking>());
  auto asked = plugin.lookup({.section = "contact", .identifiers = {{"phone", "+46"}, {"email", "ada@example.com"}}});
  auto answer = asked.wait();
  EXPECT_EQ(answer.status, Status::ok);
  EXPECT_EQ(answer.data, R"({"customer_id":"1"})");
  ASSERT_EQ(answer.identifiers.size(), 2U);
  EXPECT_EQ(answer.identifiers[0].type, "customer_id");
  EXPECT_TRUE(answer.identifiers[0].verified);
  EXPECT_EQ(answer.identifiers[1].value, "ada@example.com");
  EXPECT_FALSE(answer.identifiers[1].verified);
  EXPECT_EQ(asked.completions(), 1);
}

TEST_F(TableTest, AnswersAFailure) {
  Running plugin(host_, connector<Blocking>());
  auto answer = plugin.lookup({.section = "limited"}).wait();
  EXPECT_EQ(answer.status, Status::upstream_rate_limited);
  EXPECT_EQ(answer.message, "slow down");
  EXPECT_EQ(answer.retry_after, std::chrono::seconds(3));
}

TEST_F(TableTest, AnswersForWhatWasThrown) {
  Running plugin(host_, connector<Blocking>());
  auto thrown = plugin.lookup({.section = "exception"});
  EXPECT_EQ(thrown.wait().status, Status::internal);
  EXPECT_EQ(thrown.wait().message, "out of luck");
  EXPECT_EQ(thrown.completions(), 1);
  EXPECT_EQ(plugin.lookup({.section = "int"}).wait().status, Status::internal);
  EXPECT_EQ(plugin.lookup({.section = "contact"}).wait().status, Status::ok) << "and it goes on";
}

TEST_F(TableTest, RefusesOperationsItDoesNotOffer) {
  Running plugin(host_, connector<Blocking>());
  EXPECT_EQ(plugin.authenticate({}).wait().status, Status::unsupported);
  EXPECT_EQ(plugin.ask(99, {}, false).wait().status, Status::unsupported);
}

// No start, no stop; authenticates only.
class Login : public Authenticate {
 public:
  Login(Host, std::string_view) {}

  Result<Step> authenticate(const Request& request) override {
    if (request.credential() == "{}") return Failure{Status::rejected, "no token"};
    Proof proof;
    proof.issuer = "https://id.example";
    proof.subject = "a\"b\\c\n\x01å";
    proof.assurance = "aal2";
    proof.methods = {"pwd", "otp"};
    proof.authenticated_at = 1700000000;
    if (request.tenant() == "short") proof.expires_at = 1700000900;
    proof.identifiers = {{"email", "ada@example.com", true}};
    return proof;
  }
};

TEST_F(TableTest, WritesAProofAsTheHeaderSays) {
  Running plugin(host_, connector<Login>());
  auto answer = plugin.authenticate({.credential = R"({"token":"x"})"}).wait();
  EXPECT_EQ(answer.data, R"({"issuer":"https://id.example","subject":"a\"b\\c\u000a\u0001å","assurance":"aal2",)"
                         R"("methods":["pwd","otp"],"authenticated_at":1700000000})");
  EXPECT_EQ(answer.identifiers.at(0).type, "email");
  auto ending = plugin.authenticate({.credential = "1", .tenant = "short"}).wait();
  EXPECT_TRUE(ending.data.ends_with(R"("authenticated_at":1700000000,"expires_at":1700000900})")) << ending.data;
  EXPECT_EQ(plugin.authenticate({}).wait().status, Status::rejected);
  EXPECT_EQ(plugin.lookup({}).wait().status, Status::unsupported);
}

// Asks for a code, twice at most; hears of logouts.
class TwoSteps : public Authenticate, public Logout {
 public:
  TwoSteps(Host, std::string_view) {}

  Result<Step> authenticate(const Request& request) override {
    if (request.state().empty()) return Challenge{"tried \"0\"", R"({"type":"code"})", 1700000600};
    if (request.credential() == R"({"code":"1234"})") {
      Proof proof;
      proof.issuer = "i";
      proof.subject = "u";
      proof.authenticated_at = 1700000000;
      proof.session = "s\"1";
      return proof;
    }
    return Failure{.status = Status::rejected, .message = "wrong code", .tried = Yield{"phone", "+4670", false}};
  }

  Result<LoggedOut> logout(const Request& request) override {
    if (request.credential() == "{}") return Failure{Status::rejected, "no logout_token"};
    return LoggedOut{"i", request.tenant() == "by-session" ? "" : "u", "s\"1"};
  }
};

TEST_F(TableTest, AuthenticatesInSteps) {
  Running plugin(host_, connector<TwoSteps>());
  auto first = plugin.authenticate({.credential = R"({"phone":"+4670"})"}).wait();
  EXPECT_EQ(first.status, Status::challenged);
  EXPECT_EQ(first.data, R"({"state":"tried \"0\"","challenge":{"type":"code"},"expires_at":1700000600})");
  auto second = plugin.authenticate({.credential = R"({"code":"1234"})", .state = "tried \"0\""}).wait();
  EXPECT_EQ(second.status, Status::ok);
  EXPECT_TRUE(second.data.ends_with(R"("authenticated_at":1700000000,"session":"s\"1"})")) << second.data;
}

TEST_F(TableTest, SaysForWhomARejectedCredentialWasTried) {
  Running plugin(host_, connector<TwoSteps>());
  auto wrong = plugin.authenticate({.credential = R"({"code":"1"})", .state = "x"}).wait();
  EXPECT_EQ(wrong.status, Status::rejected);
  ASSERT_EQ(wrong.identifiers.size(), 1u);
  EXPECT_EQ(wrong.identifiers[0].value, "+4670");
}

TEST_F(TableTest, WritesALogoutAsTheHeaderSays) {
  Running plugin(host_, connector<TwoSteps>());
  EXPECT_EQ(plugin.logout({.credential = R"({"logout_token":"x"})"}).wait().data,
            R"({"issuer":"i","subject":"u","session":"s\"1"})");
  EXPECT_EQ(plugin.logout({.credential = R"({"logout_token":"x"})", .tenant = "by-session"}).wait().data,
            R"({"issuer":"i","session":"s\"1"})");
  EXPECT_EQ(plugin.logout({}).wait().status, Status::rejected);
  Running without(host_, connector<Login>());
  EXPECT_EQ(without.logout({}).wait().status, Status::unsupported);
}

// Says what it was given, so that a test sees it.
std::string told(const Request& request) {
  std::string said;
  for (std::size_t i = 0; i < request.input_count(); ++i) {
    const auto input = request.input(i);
    said += std::string(input.name) + "=" + std::string(input.data) + (input.stale ? " stale " : " ") +
            std::to_string(input.age.count()) + ";";
  }
  return said + (request.input("orders") ? "with" : "without") + " orders";
}

class Deriving : public Derive {
 public:
  Deriving(Host, std::string_view) {}

  Result<Section> derive(const Request& request) override {
    if (request.section() == "broken") throw std::runtime_error("no such rule");
    return Section{told(request)};
  }
};

class DerivingLater : public AsyncDerive {
 public:
  DerivingLater(Host, std::string_view) {}

  void derive(const Request& request, Call call) override { call.complete(Section{told(request)}); }
};

TEST_F(TableTest, DerivesFromItsInputs) {
  const Question question{.inputs = {{"contact", "{}", std::chrono::nanoseconds(7), true}}};
  Running now(host_, connector<Deriving>());
  EXPECT_EQ(now.derive(question).wait().data, "contact={} stale 7;without orders");
  Running later(host_, connector<DerivingLater>());
  EXPECT_EQ(later.derive(question).wait().data, "contact={} stale 7;without orders");
  EXPECT_EQ(later.derive({.inputs = {{"contact", "{}"}, {"orders", "[]"}}}).wait().data,
            "contact={} 0;orders=[] 0;with orders");
  EXPECT_EQ(now.derive({.section = "broken"}).wait().message, "no such rule");
}

TEST_F(TableTest, TellsDerivingAndLookingUpApart) {
  Running derives(host_, connector<Deriving>());
  EXPECT_EQ(derives.lookup({}).wait().status, Status::unsupported);
  Running without(host_, connector<Login>());
  EXPECT_EQ(without.derive({}).wait().status, Status::unsupported);
}

TEST(ResultTest, TakesWhatBecomesItsValue) {
  Proof proof;
  proof.issuer = "i";
  Result<Step> step = Result<Proof>(proof);
  ASSERT_TRUE(step);
  EXPECT_EQ(std::get<Proof>(*step).issuer, "i");
  const Result<Step> failed = Result<Proof>(Failure{Status::busy, "full"});
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.failure().message, "full");
}

TEST(TextTest, EscapesForUrls) {
  EXPECT_EQ(percent_encoded("a b/å?~-._9Z"), "a%20b%2F%C3%A5%3F~-._9Z");
}

} // namespace
} // namespace plugboard::testkit
