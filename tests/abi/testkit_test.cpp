// The test kit itself: what it scripts is what a connector meets.
#include <plugboard/plugin.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::testkit {
namespace {

// Reads a secret and a file, and answers with them.
class Reader : public Lookup {
 public:
  Reader(Host host, std::string_view config) : host_(host) {
    if (config == "refuse") throw std::runtime_error("the setting \"x\" must be a number");
    watched = host_.watch_file("keys.json", changed_);
  }

  Result<Section> lookup(const Request& request) override {
    std::string secret = "none";
    if (!host_.with_secret("password", [&](std::string_view value) { secret = value; }))
      return Failure{Status::failed, "no secret"};
    auto path = host_.locate_file(request.section());
    return Section{file_ + "|" + secret + "|" + (path ? *path : path.failure().message), {}};
  }

  Status watched = Status::internal;

 private:
  Host host_;
  std::string file_ = "(nothing)";

  struct Changed {
    std::string& file;

    void operator()(std::string_view bytes) { file = bytes; }
  } changed_{file_};
};

TEST(FakeHostTest, GivesSecretsFilesAndFolders) {
  FakeHost host;
  host.secret("password", "hunter2");
  host.files().write("keys.json", "one");
  host.files().grant_folder("data/", "/srv/shop/");
  Running plugin(host, connector<Reader>());

  EXPECT_EQ(plugin.lookup({.section = "data/shop.db"}).wait().data, "one|hunter2|/srv/shop/shop.db");
  host.files().write("keys.json", "two");
  EXPECT_EQ(plugin.lookup({.section = "data/shop.db"}).wait().data, "two|hunter2|/srv/shop/shop.db");
  EXPECT_NE(plugin.lookup({.section = "data/../etc"}).wait().data.find("grants.files"), std::string::npos);
}

TEST(FakeHostTest, RefusesWhatWasNotGranted) {
  FakeHost host;
  Reader reader(host, "{}");
  EXPECT_EQ(reader.watched, Status::egress_denied);

  host.files().grant_unreadable("keys.json");
  EXPECT_EQ(Reader(host, "{}").watched, Status::failed);

  Running plugin(host, connector<Reader>());
  EXPECT_EQ(plugin.lookup({}).wait().message, "no secret");
}

TEST(FakeHostTest, LocatesGrantedServersAndSaysWhichGrantIsMissing) {
  FakeHost fake;
  fake.tcp().grant("db.example", 5432, {{"127.0.0.7", 5433}, {"::1", 5434}});
  fake.tcp().grant("away.example", 5432, {});
  const Host host = fake;
  auto places = host.locate_tcp("db.example", 5432);
  ASSERT_TRUE(places);
  ASSERT_EQ(places->size(), 2U);
  EXPECT_EQ(places->at(0).address, "127.0.0.7");
  EXPECT_EQ(places->at(1).port, 5434);
  EXPECT_EQ(host.locate_tcp("away.example", 5432).failure().status, Status::unreachable);

  const auto denied = host.locate_tcp("::1", 5432);
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.failure().status, Status::egress_denied);
  EXPECT_NE(denied.failure().message.find(R"("grants": {"egress": ["tcp:[::1]:5432"]})"), std::string::npos);
  EXPECT_EQ(host.locate_tcp("db.example", 5433).failure().status, Status::egress_denied);

  fake.without(PLUGBOARD_HOST_TCP_V1);
  EXPECT_EQ(host.locate_tcp("db.example", 5432).failure().status, Status::unsupported);
}

TEST(FakeHostTest, ThrowsWhatTheConnectorRefusedWith) {
  FakeHost host;
  try {
    Running plugin(host, connector<Reader>(), "refuse");
    FAIL() << "it must refuse";
  } catch (const std::runtime_error& e) {
    EXPECT_STREQ(e.what(), "the setting \"x\" must be a number");
  }
}

// Asks one URL and answers with what came.
class Fetcher : public AsyncLookup {
 public:
  Fetcher(Host host, std::string_view) : host_(host) {}

  void lookup(const Request& request, Call call) override {
    HttpRequest get{.method = "GET",
                    .url = "https://x.example/" + std::string(request.section()),
                    .headers = {{"accept", "a/b"}},
                    .body = {}};
    host_.send(get, std::move(call), [](Call answered, const HttpResponse& response) {
      if (!response.answered()) return answered.fail(response.error(), std::string(response.message()));
      answered.complete(Section{std::to_string(response.status()) + " " +
                                    std::string(response.header("etag").value_or("-")) + " " +
                                    std::string(response.body()),
                                {}});
    });
  }

 private:
  Host host_;
};

TEST(FakeHttpTest, AnswersInOrderBeforeAndAfterTheRequest) {
  FakeHost host;
  Running plugin(host, connector<Fetcher>());
  host.http().answer({.headers = {{"etag", "7"}}, .body = "first"});
  EXPECT_EQ(plugin.lookup({.section = "a"}).wait().data, "200 7 first");

  auto waiting = plugin.lookup({.section = "b"});
  EXPECT_FALSE(waiting.answered());
  host.http().answer({.status = 404, .body = "gone"});
  EXPECT_EQ(waiting.wait().data, "404 - gone");

  auto sent = host.http().wait_for_sent(2);
  EXPECT_EQ(sent[0].url, "https://x.example/a");
  EXPECT_EQ(sent[1].url, "https://x.example/b");
  EXPECT_EQ(sent[1].headers.at(0).value, "a/b");
  EXPECT_TRUE(sent[1].for_a_call);
}

TEST(FakeHttpTest, ServesRefusesAndIsMissing) {
  FakeHost host;
  Running plugin(host, connector<Fetcher>());
  host.http().serve([](const Sent& sent) { return Scripted{.status = 201, .body = sent.method}; });
  EXPECT_EQ(plugin.lookup({}).wait().data, "201 - GET");
  host.http().refuse(Status::egress_denied);
  EXPECT_EQ(plugin.lookup({}).wait().status, Status::egress_denied);
  host.without(PLUGBOARD_HOST_HTTP_V1);
  EXPECT_EQ(plugin.lookup({}).wait().status, Status::unsupported);
}

TEST(FakeHttpTest, EndsAnExchangeWhenItsCallIsCancelled) {
  FakeHost host;
  Running plugin(host, connector<Fetcher>());
  auto first = plugin.lookup({.section = "a"});
  auto second = plugin.lookup({.section = "b"});
  first.cancel();
  EXPECT_EQ(first.wait().status, Status::cancelled);
  EXPECT_FALSE(second.answered());
  plugin.stop();
  EXPECT_EQ(second.wait().status, Status::cancelled);
}

TEST(AskedTest, WaitsOnlyAsLongAsToldTo) {
  FakeHost host;
  Running plugin(host, connector<Fetcher>());
  auto asked = plugin.lookup({});
  EXPECT_EQ(asked.wait_for(std::chrono::milliseconds(1)), std::nullopt);
  EXPECT_THROW(asked.wait(std::chrono::milliseconds(1)), std::runtime_error);
}

} // namespace
} // namespace plugboard::testkit
