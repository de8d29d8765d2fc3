// The connector through its C table, as a hub uses it, with the host's services scripted.
#include "plugins/rest/connector.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

#include <atomic>

namespace plugboard::rest::test {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The clocks of the connector under test; the table's functions give no other way in.
std::atomic<std::chrono::seconds::rep> steady_seconds{0};

class Timed : public RestConnector {
 public:
  Timed(Host host, std::string_view config) : RestConnector(host, config, {&steady, &wall}) {}

 private:
  static std::chrono::steady_clock::time_point steady() {
    return std::chrono::steady_clock::time_point(std::chrono::seconds(steady_seconds.load()));
  }

  static std::chrono::system_clock::time_point wall() { return std::chrono::sys_seconds(784111777s); }
};

constexpr std::string_view kConfig = R"({
  "base_url": "https://api.shop.example/v1",
  "headers": {"Authorization": {"prefix": "Bearer ", "value": {"secret": "token"}}},
  "sections": {
    "orders": {"shape": "orders/v1", "needs": [["customer_id"]], "echo": {"/customer_id": "customer_id"},
               "yields": {"erp.order_ref": {"from": "/items/0/order_no"}},
               "url": "/customers/{customer_id}/orders?limit={params.limit}",
               "mapping": {"customer_id": "/id", "orders": {"each": "/items", "map": {
                 "id": {"from": "/order_no", "as": "string"},
                 "total.amount_minor": {"from": "/price", "as": "minor_units"}, "total.currency": {"const": "SEK"}}}}},
    "search": {"shape": "record/v1", "needs": [["email", "customer_id"]], "method": "POST", "url": "/search?m={email}",
               "body": {"id": "{customer_id}", "limit": "{params.limit}"}, "mapping": "identity"}}})";

const std::vector<HttpHeader> kJson{{"content-type", "application/json"}};

testkit::Question orders_of(std::string id, std::string params = "{}") {
  return {.section = "orders", .identifiers = {{"customer_id", std::move(id)}}, .params = std::move(params)};
}

class ConnectorTest : public testing::Test {
 protected:
  ConnectorTest() {
    host.secret("token", "hunter2");
    steady_seconds = 1000;
  }

  testkit::Answer ask(testkit::Question question, testkit::Scripted scripted) {
    host.http().answer(std::move(scripted));
    return connector.lookup(std::move(question)).wait();
  }

  testkit::FakeHost host;
  testkit::Running connector{host, testkit::connector<Timed>(), kConfig};
};

TEST_F(ConnectorTest, AsksAndMapsTheAnswer) {
  auto answer =
      ask(orders_of("c 7", R"({"limit":5})"),
          {.status = 200, .headers = kJson, .body = R"({"id":"c 7","items":[{"order_no":12,"price":0.29}]})"});
  EXPECT_EQ(answer.status, Status::ok) << answer.message;
  EXPECT_EQ(answer.data,
            R"({"customer_id":"c 7","orders":[{"id":"12","total":{"amount_minor":29,"currency":"SEK"}}]})");
  ASSERT_EQ(answer.identifiers.size(), 1U);
  EXPECT_EQ(answer.identifiers[0].type, "erp.order_ref");
  EXPECT_EQ(answer.identifiers[0].value, "12");
  auto sent = host.http().sent().at(0);
  EXPECT_EQ(sent.method, "GET");
  EXPECT_EQ(sent.url, "https://api.shop.example/v1/customers/c%207/orders?limit=5");
  EXPECT_EQ(sent.headers.at(0).name + ": " + sent.headers.at(0).value, "Authorization: Bearer hunter2");
  EXPECT_EQ(sent.body, "");
  EXPECT_TRUE(sent.for_a_call) << "its deadline and its cancellation count";
}

TEST_F(ConnectorTest, PostsABody) {
  auto answer = ask({.section = "search", .identifiers = {{"customer_id", "7"}}, .params = R"({"limit":5})"},
                    {.status = 200, .headers = kJson, .body = R"({"a": 1.0})"});
  EXPECT_EQ(answer.data, R"({"a": 1.0})");
  auto sent = host.http().sent().at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://api.shop.example/v1/search");
  EXPECT_EQ(sent.body, R"({"id":"7","limit":5})");
  EXPECT_THAT(sent.headers, testing::Contains(testing::Field(&HttpHeader::value, "application/json")).Times(2));
}

TEST_F(ConnectorTest, ReturnsAtOnceAndAnswersLater) {
  auto first = connector.lookup(orders_of("1")), second = connector.lookup(orders_of("2"));
  EXPECT_EQ(host.http().sent().size(), 2U);
  EXPECT_FALSE(first.answered() || second.answered());
  host.http().answer({.status = 404, .headers = {}, .body = {}});
  EXPECT_EQ(first.wait().status, Status::not_found);
  EXPECT_FALSE(second.answered());
  host.http().answer({.status = 500, .headers = {}, .body = {}});
  EXPECT_EQ(second.wait().status, Status::upstream_failed);
  EXPECT_EQ(first.completions(), 1);
}

TEST_F(ConnectorTest, NamesTheSectionInWhatItReports) {
  auto answer = ask(orders_of("1"), {.status = 200, .headers = kJson, .body = R"({"items":[{"price":"4711,00"}]})"});
  EXPECT_EQ(answer.status, Status::upstream_malformed);
  EXPECT_THAT(answer.message, HasSubstr("orders: what stands at /items/0/price is not an amount of money"));
  EXPECT_THAT(answer.message, Not(HasSubstr("4711")));
}

TEST_F(ConnectorTest, PassesTheHubsReasonsOn) {
  for (auto status :
       {Status::timeout, Status::unreachable, Status::egress_denied, Status::too_large, Status::cancelled}) {
    auto answer = ask(orders_of("1"), {.status = 0, .headers = {}, .body = {}, .error = status, .message = "so it is"});
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(answer.message, "orders: so it is");
  }
}

TEST_F(ConnectorTest, AsksNothingDuringAPauseThatTheSystemAskedFor) {
  auto limited = ask(orders_of("1"), {.status = 429, .headers = {{"retry-after", "30"}}, .body = {}});
  EXPECT_EQ(limited.status, Status::upstream_rate_limited);
  EXPECT_EQ(limited.retry_after, 30s);
  steady_seconds += 29;
  auto during = connector.lookup(orders_of("2")).wait(0s);
  EXPECT_EQ(during.status, Status::upstream_rate_limited);
  EXPECT_EQ(during.retry_after, 1s);
  auto other = connector.lookup({.section = "search", .identifiers = {{"email", "a@b.example"}}}).wait(0s);
  EXPECT_EQ(other.status, Status::upstream_rate_limited) << "the pause is the system's, not the section's";
  EXPECT_EQ(host.http().sent().size(), 1U);
  steady_seconds += 1;
  EXPECT_EQ(ask(orders_of("3"), {.status = 404, .headers = {}, .body = {}}).status, Status::not_found);
  EXPECT_EQ(host.http().sent().size(), 2U);
}

TEST_F(ConnectorTest, PausesAfterA503WithADateButNotForLong) {
  auto failed =
      ask(orders_of("1"), {.status = 503, .headers = {{"retry-after", "Sun, 06 Nov 1994 09:49:37 GMT"}}, .body = {}});
  EXPECT_EQ(failed.status, Status::upstream_failed);
  EXPECT_EQ(failed.retry_after, 1h);
  EXPECT_EQ(connector.lookup(orders_of("2")).wait(0s).retry_after, 5min);
  steady_seconds += 300;
  EXPECT_EQ(ask(orders_of("3"), {.status = 404, .headers = {}, .body = {}}).status, Status::not_found);
}

TEST_F(ConnectorTest, DoesNotPauseWhenNoTimeWasGiven) {
  EXPECT_EQ(ask(orders_of("1"), {.status = 429, .headers = {}, .body = {}}).status, Status::upstream_rate_limited);
  EXPECT_EQ(ask(orders_of("1"), {.status = 429, .headers = {{"retry-after", "soon"}}, .body = {}}).retry_after, 0s);
  EXPECT_EQ(ask(orders_of("1"), {.status = 404, .headers = {}, .body = {}}).status, Status::not_found);
}

TEST_F(ConnectorTest, AsksNothingWhenItCannotAskForTheCustomer) {
  auto nobody = connector.lookup({.section = "search", .identifiers = {{"phone", "+46701234567"}}}).wait(0s);
  EXPECT_EQ(nobody.status, Status::failed);
  EXPECT_THAT(nobody.message, HasSubstr("search: none of the identifiers that its url and body name has a value"));
  EXPECT_EQ(connector.lookup(orders_of("")).wait(0s).status, Status::failed);
  auto step = connector.lookup(orders_of("../admin")).wait(0s);
  EXPECT_EQ(step.status, Status::failed);
  EXPECT_THAT(step.message, AllOf(HasSubstr("orders: a value would make a step"), Not(HasSubstr("admin"))));
  EXPECT_TRUE(host.http().sent().empty());
}

TEST_F(ConnectorTest, FailsWithoutItsSecretOrWithOddParameters) {
  EXPECT_THAT(connector.lookup(orders_of("1", R"({"limit":[1]})")).wait(0s).message,
              HasSubstr("{params.limit} must be"));
  EXPECT_THAT(connector.lookup(orders_of("1", "[]")).wait(0s).message, HasSubstr("parameters are no JSON object"));
  testkit::FakeHost bare;
  testkit::Running poor(bare, testkit::connector<Timed>(), kConfig);
  auto answer = poor.lookup(orders_of("1")).wait(0s);
  EXPECT_EQ(answer.status, Status::failed);
  EXPECT_THAT(answer.message, HasSubstr("secret for the header field Authorization is not there"));
}

TEST_F(ConnectorTest, KnowsOnlyItsOwnSectionsAndOperation) {
  EXPECT_EQ(connector.lookup({.section = "contact"}).wait(0s).status, Status::unsupported);
  EXPECT_EQ(connector.authenticate({}).wait(0s).status, Status::unsupported);
}

TEST_F(ConnectorTest, EndsWhenTheHubCancels) {
  auto asked = connector.lookup(orders_of("1"));
  asked.cancel();
  EXPECT_EQ(asked.wait(0s).status, Status::cancelled);
  EXPECT_EQ(asked.completions(), 1);
}

TEST_F(ConnectorTest, LogsAndReportsNeitherSecretsNorIdentifiers) {
  for (int status : {200, 301, 401, 404, 429, 500}) {
    auto answer =
        ask(orders_of("c-4711"), {.status = status, .headers = kJson, .body = R"({"id":"c-4711","items":7})"});
    EXPECT_THAT(answer.message, AllOf(Not(HasSubstr("4711")), Not(HasSubstr("hunter2"))));
  }
  EXPECT_TRUE(host.logs().empty());
}

TEST_F(ConnectorTest, AnswersFromManyThreadsAtOnce) {
  host.http().serve([](const testkit::Sent& sent) {
    auto id = sent.url.substr(sent.url.find("customers/") + 10);
    return testkit::Scripted{
        .status = 200, .headers = kJson, .body = R"({"id":")" + id.substr(0, id.find('/')) + R"(","items":[]})"};
  });
  std::vector<testkit::Asked> asked;
  for (int i = 0; i < 40; ++i) asked.push_back(connector.lookup_in_background(orders_of("c" + std::to_string(i))));
  for (int i = 0; i < 40; ++i)
    EXPECT_EQ(asked[static_cast<std::size_t>(i)].wait().data,
              R"({"customer_id":"c)" + std::to_string(i) + R"(","orders":[]})");
}

TEST(ConnectorCreateTest, RefusesAConfigurationThatCannotWork) {
  testkit::FakeHost host;
  try {
    testkit::Running connector(host, testkit::connector<RestConnector>(),
                               R"({"base_url":"shop","sections":{"a":{"url":"/{email}","mapping":"identity"}}})");
    FAIL() << "it was created";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("/base_url: write an absolute URL"),
                      HasSubstr("/sections/a/url: {email} is no identifier that the section's \"needs\"")));
  }
}

} // namespace
} // namespace plugboard::rest::test
