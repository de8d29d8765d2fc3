// Kept values, replaced secrets and access tokens through the wrapper, on the test kit's host.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::testkit {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// Counts its calls for each tenant; two at once can't lose one.
class Counter : public AsyncLookup {
 public:
  Counter(Host host, std::string_view) : host_(host) {}

  void lookup(const Request&, Call call) override {
    host_.kv().get("calls", std::move(call), [this](Call asked, const KvResult& kept) {
      if (!kept && kept.status() != Status::not_found) return asked.fail(kept.status(), "");
      int calls = kept ? std::stoi(std::string(kept.value())) + 1 : 1;
      KvWrite write{.ttl = hours(1), .only_if = kept ? kept.version() : PLUGBOARD_KV_ABSENT};
      host_.kv().put("calls", std::to_string(calls), write, std::move(asked), [calls](Call put, const KvResult& done) {
        if (!done) return put.fail(done.status(), "");
        put.complete(Section{.data = std::to_string(calls)});
      });
    });
  }

 private:
  Host host_;
};

TEST(FakeKvTest, KeepsForEachTenantUntilTheTimeIsOver) {
  FakeHost fake;
  Running plugin(fake, connector<Counter>());
  EXPECT_EQ(plugin.lookup({}).wait().data, "1");
  EXPECT_EQ(plugin.lookup({}).wait().data, "2");
  EXPECT_EQ(plugin.lookup({.tenant = "north"}).wait().data, "1");
  EXPECT_EQ(fake.kv().value("calls"), "2");
  EXPECT_EQ(fake.kv().value("calls", "north"), "1");
  fake.clock().advance(hours(1));
  EXPECT_EQ(fake.kv().value("calls"), std::nullopt);
  EXPECT_EQ(plugin.lookup({}).wait().data, "1");
}

TEST(FakeKvTest, SaysHowItEndsAndMayBeMissing) {
  FakeHost fake;
  fake.kv().end_with(Status::too_large);
  Running plugin(fake, connector<Counter>());
  EXPECT_EQ(plugin.lookup({}).wait().status, Status::too_large);
  fake.without(PLUGBOARD_HOST_KV_V1);
  EXPECT_EQ(plugin.lookup({}).wait().status, Status::unsupported);
  EXPECT_EQ(Host(fake).kv().get("x", [](const KvResult&) {}), Status::unsupported);
}

TEST(FakeKvTest, KeepsForTheConnectorItselfAndChangesOnlyWhatIsMeant) {
  FakeHost fake;
  const Host host = fake;
  std::vector<Status> told;
  std::int64_t version = 0;
  const auto note = [&](const KvResult& result) {
    told.push_back(result.status());
    if (result.version() > 0) version = result.version();
  };
  EXPECT_EQ(host.kv().put("cursor", "7", {.only_if = PLUGBOARD_KV_ABSENT}, note), Status::ok);
  EXPECT_EQ(host.kv().put("cursor", "8", {.only_if = PLUGBOARD_KV_ABSENT}, note), Status::ok);
  EXPECT_EQ(host.kv().put("cursor", "9", {.only_if = version}, note), Status::ok);
  EXPECT_EQ(fake.kv().value("cursor", ""), "9");
  EXPECT_EQ(host.kv().remove("cursor", version + 1, note), Status::ok);
  EXPECT_EQ(host.kv().remove("cursor", PLUGBOARD_KV_ANY, note), Status::ok);
  EXPECT_EQ(host.kv().remove("cursor", PLUGBOARD_KV_ANY, note), Status::ok);
  EXPECT_EQ(told, (std::vector<Status>{Status::ok, Status::conflict, Status::ok, Status::conflict, Status::ok,
                                       Status::not_found}));
  EXPECT_EQ(host.kv().get("", note), Status::too_large);
}

// Answers with what it had kept, by waiting for it.
class Waiter : public Lookup {
 public:
  Waiter(Host host, std::string_view)
      : host_(host), system_(host.oauth2(
                         {.token_url = "https://id.example/token", .client_id = "hub", .client_secret = "/secret"})) {}

  Result<Section> lookup(const Request& request) override {
    auto kept = host_.kv().put_and_wait("last", request.section(), {}, request);
    if (!kept) return Failure{kept.status};
    if (host_.kv().get_and_wait("last", request).value != request.section()) return Failure{Status::internal};
    auto reply = system_.send_and_wait({.url = "https://crm.example/x"}, request);
    if (!reply) return reply.failure();
    return Section{.data = std::to_string(reply->status)};
  }

 private:
  Host host_;
  HostOauth2 system_;
};

std::string bearer(const Sent& sent) {
  for (const auto& header : sent.headers)
    if (header.name == "authorization") return header.value;
  return {};
}

TEST(FakeOauth2Test, ABlockingConnectorAsksOnceMoreWhenItsTokenWasRefused) {
  FakeHost fake;
  Running plugin(fake, connector<Waiter>());
  fake.http().serve([](const Sent& sent) { return Scripted{.status = bearer(sent) == "Bearer token-2" ? 200 : 401}; });
  EXPECT_EQ(plugin.lookup({.section = "a"}).wait().data, "200");
  EXPECT_EQ(fake.oauth2().refused(), std::vector<std::string>{"token-1"});
  EXPECT_EQ(fake.http().sent().size(), 2U);
  EXPECT_EQ(fake.oauth2().asked().at(0).client_secret, "/secret");
  fake.http().serve([](const Sent&) { return Scripted{.status = 401}; });
  EXPECT_EQ(plugin.lookup({.section = "a"}).wait().data, "401") << "and no more than once";
  EXPECT_EQ(fake.http().sent().size(), 4U);
}

class Async : public AsyncLookup {
 public:
  Async(Host host, std::string_view)
      : system_(host.oauth2({.token_url = "https://id.example/token", .client_id = "hub", .scope = "read"})) {}

  void lookup(const Request&, Call call) override {
    system_.send({.url = "https://crm.example/x"}, std::move(call), [](Call asked, const HttpResponse& response) {
      asked.complete(Section{.data = std::to_string(response.status())});
    });
  }

 private:
  HostOauth2 system_;
};

TEST(FakeOauth2Test, AnAsyncConnectorAsksOnceMoreWhenItsTokenWasRefused) {
  FakeHost fake;
  Running plugin(fake, connector<Async>());
  auto asked = plugin.lookup({});
  EXPECT_EQ(bearer(fake.http().sent().at(0)), "Bearer token-1");
  fake.http().answer({.status = 401});
  EXPECT_FALSE(asked.answered());
  EXPECT_EQ(bearer(fake.http().sent().at(1)), "Bearer token-2");
  fake.http().answer({.status = 401});
  EXPECT_EQ(asked.wait().data, "401");
  EXPECT_EQ(fake.http().sent().size(), 2U);
}

TEST(FakeOauth2Test, FailsTheCallAsTheHubSays) {
  FakeHost fake;
  fake.oauth2().fail(Status::upstream_unauthorized, "invalid_client");
  Running plugin(fake, connector<Async>());
  auto answer = plugin.lookup({}).wait();
  EXPECT_EQ(answer.status, Status::upstream_unauthorized);
  EXPECT_EQ(answer.message, "invalid_client");
  EXPECT_TRUE(fake.http().sent().empty());
  fake.without(PLUGBOARD_HOST_OAUTH2_V1);
  Running other(fake, connector<Async>());
  EXPECT_EQ(other.lookup({}).wait().status, Status::unsupported);
}

TEST(FakeSecretsTest, GivesWhatWasPutInItsPlace) {
  FakeHost fake;
  fake.secret("/refresh", "old");
  const Host host = fake;
  std::vector<Status> told;
  EXPECT_EQ(host.replace_secret("/refresh", "new", [&](Status status) { told.push_back(status); }), Status::ok);
  EXPECT_EQ(told, std::vector<Status>{Status::ok});
  EXPECT_EQ(fake.secret_value("/refresh"), "new");
  EXPECT_EQ(host.replace_secret("/other", "new", [](Status) {}), Status::not_found);
}

} // namespace
} // namespace plugboard::testkit
