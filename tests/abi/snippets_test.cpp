// What sdk/README.md shows of a connector's code is quoted from here (check_readme.py), so it compiles; and it does
// what the page says.
#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>
#include <plugboard/shapes/contact.hpp>
#include <plugboard/testkit.hpp>

#include <gtest/gtest.h>

namespace plugboard::testkit {
namespace {

constexpr auto kUrl = "https://api.shop.example";

// Two questions at once.
class Both : public AsyncLookup {
 public:
  Both(Host host, std::string_view) : host_(host) {}

  void lookup(const Request&, Call call) override {
    const HttpRequest profile{.url = std::string(kUrl) + "/profile"}, invoices{.url = std::string(kUrl) + "/invoices"};
    host_.send_all({profile, invoices}, std::move(call), [](Call asked, const std::vector<Result<HttpReply>>& replies) {
      if (!replies[0]) return asked.fail(replies[0].failure());
      asked.complete(Section{.data = merged(*replies[0], replies[1] ? replies[1]->body : "[]")});
    });
  }

 private:
  static std::string merged(const HttpReply& profile, std::string_view invoices) {
    return JsonObject().set("profile", profile.body).set("invoices", invoices).text();
  }

  Host host_;
};

TEST(SnippetTest, AsksTwiceAtOnceAndDoesWithoutTheSecondAnswer) {
  FakeHost fake;
  Running plugin(fake, connector<Both>());
  fake.http().serve([](const Sent& sent) {
    return sent.url.ends_with("/profile") ? Scripted{.body = "Ada"} : Scripted{.error = Status::unreachable};
  });
  EXPECT_EQ(plugin.lookup({}).wait().data, R"({"profile":"Ada","invoices":"[]"})");
  fake.http().serve([](const Sent& sent) { return Scripted{.body = sent.url.ends_with("/profile") ? "Ada" : "[7]"}; });
  EXPECT_EQ(plugin.lookup({}).wait().data, R"({"profile":"Ada","invoices":"[7]"})");
}

// Asks again until there is something to tell, and counts how that went.
class Patient : public AsyncLookup {
 public:
  Patient(Host host, std::string_view) : host_(host) {}

  void lookup(const Request&, Call call) override {
    host_.metrics().count("lookups_total", {"none"});
    host_.clock().after(std::chrono::seconds(1), std::move(call), [this](Call asked, Status status) {
      if (status != Status::ok) return asked.fail(status, "");
      ask_again(std::move(asked));
    });
  }

 private:
  void ask_again(Call call) {
    host_.metrics().count("lookups_total", {"one"});
    call.complete(Section{.data = "{}"});
  }

  Host host_;
};

TEST(SnippetTest, WaitsASecondAndCountsWhatItFound) {
  FakeHost fake;
  fake.metrics().declare("lookups_total", {{"one", "none"}});
  Running plugin(fake, connector<Patient>());
  auto asked = plugin.lookup({});
  EXPECT_FALSE(asked.answered());
  EXPECT_EQ(fake.metrics().sum("lookups_total", {"none"}), 1);
  fake.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(asked.wait().data, "{}");
  EXPECT_EQ(fake.metrics().sum("lookups_total", {"one"}), 1);
}

// How far it has read, from one call to the next.
class Reader : public AsyncLookup {
 public:
  Reader(Host host, std::string_view) : host_(host) {}

  void lookup(const Request&, Call call) override {
    host_.kv().get("cursor", std::move(call), [this](Call asked, const KvResult& kept) {
      KvWrite write{.ttl = std::chrono::hours(1), .only_if = kept ? kept.version() : PLUGBOARD_KV_ABSENT};
      host_.kv().put("cursor", next(kept.value()), write, std::move(asked), [](Call put, const KvResult& done) {
        if (!done) return put.fail(done.status(), "another call was faster");
        put.complete(Section{.data = "{}"});
      });
    });
  }

 private:
  static std::string next(std::string_view cursor) { return std::string(cursor) + "I"; }

  Host host_;
};

TEST(SnippetTest, GoesOnWhereTheCallBeforeEnded) {
  FakeHost fake;
  Running plugin(fake, connector<Reader>());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(plugin.lookup({}).wait().status, Status::ok);
  EXPECT_EQ(fake.kv().value("cursor"), "III");
}

// Reads JSON and writes it.
class Plan : public AsyncLookup {
 public:
  Plan(Host host, std::string_view) : host_(host) {}

  void lookup(const Request&, Call call) override {
    const HttpRequest get{.url = kUrl};
    host_.send(get, std::move(call), [](Call asked, const HttpResponse& response) {
      auto answer = parse_json(response.body());
      if (!answer) return asked.fail(answer.failure());
      JsonObject record;
      record.set("plan", (*answer)["plan"]["name"].text()).set("seats", (*answer)["seats"].integer());
      asked.complete(Section{.data = record.text()});
    });
  }

 private:
  Host host_;
};

TEST(SnippetTest, LeavesOutWhatTheAnswerDoesNotSay) {
  FakeHost fake;
  Running plugin(fake, connector<Plan>());
  fake.http().serve([](const Sent&) { return Scripted{.body = R"({"plan": {"name": "Gold"}, "seats": "many"})"}; });
  EXPECT_EQ(plugin.lookup({}).wait().data, R"({"plan":"Gold"})");
  fake.http().serve([](const Sent&) { return Scripted{.body = R"({"plan": )"}; });
  EXPECT_EQ(plugin.lookup({}).wait().status, Status::upstream_malformed);
}

// A shape's own struct.
class Known : public AsyncLookup {
 public:
  Known(Host, std::string_view) {}

  void lookup(const Request&, Call asked) override {
    using namespace plugboard::contact_v1;
    Contact contact{
        .customer_id = "C1", .name = "Ada", .emails = {Email{.address = "ada@shop.example", .primary = true}}};
    asked.complete(Section{.data = data_of(contact)});
  }
};

TEST(SnippetTest, WritesWhatTheShapeDemands) {
  FakeHost fake;
  Running plugin(fake, connector<Known>());
  EXPECT_EQ(plugin.lookup({}).wait().data,
            R"({"customer_id":"C1","name":"Ada","emails":[{"address":"ada@shop.example","primary":true}]})");
}

} // namespace
} // namespace plugboard::testkit
