// Access tokens that the hub fetches: asked for through the ABI by a real library, of a token endpoint that the test
// scripts.
#include "bench.hpp"

#include "core/http/server.hpp"

#include <plugboard/host_oauth2.h>

#include <atomic>

namespace plugboard::connector {
namespace {

plugboard_str text(std::string_view chars) {
  return {chars.data(), chars.size()};
}

std::string string(plugboard_str chars) {
  return std::string(chars.data == nullptr ? "" : chars.data, chars.size);
}

struct Told {
  std::int32_t error = 0;
  std::string token, message;
  std::int64_t retry_after_ns = 0;
};

struct Form {
  std::string body, authorization;
};

class Oauth2Test : public Bench {
 public:
  Oauth2Test() : Bench(2) {}

  void SetUp() override {
    homes[0]->run([this] {
      endpoint = http::Server::listen(homes[0]->io, http::TcpEndpoint{"127.0.0.1", 0}, {}, clock, log, metrics,
                                      [this](const http::Request& request, http::Responder responder) {
                                        forms.put({std::string(request.body), header(request, "authorization")});
                                        if (silent) return held.push_back(std::move(responder));
                                        responder.send(answer());
                                      })
                     .value();
      endpoint->start();
      url = "http://127.0.0.1:" + std::to_string(endpoint->port()) + "/token";
      return 0;
    });
    made = probe(false);
    made.egress = {"http:127.0.0.1:" + std::to_string(endpoint->port())};
    made.secrets["/secret"] = []() -> Result<Secret> { return Secret("s&cret"); };
    made.secrets["/refresh"] = [this]() -> Result<Secret> { return Secret(refresh); };
  }

  void TearDown() override {
    Bench::TearDown();
    homes[0]->run([this] {
      held.clear();
      endpoint.reset();
      return 0;
    });
  }

  static std::string header(const http::Request& request, std::string_view name) {
    return std::string(request.header(name).value_or(""));
  }

  http::Response answer() {
    const int number = ++fetched;
    if (status != 200) return {status, "application/json", further, body};
    std::string json = R"({"access_token": "token-)" + std::to_string(number) + R"(", "token_type": "Bearer")" + more;
    return {200, "application/json", {}, json + "}"};
  }

  void answer_held() {
    homes[0]->run([this] {
      for (auto& responder : held) responder.send(answer());
      held.clear();
      return 0;
    });
  }

  const plugboard_host_oauth2_v1* service() const {
    return static_cast<const plugboard_host_oauth2_v1*>(
        control.host.load()->extension(control.host, PLUGBOARD_HOST_OAUTH2_V1));
  }

  plugboard_oauth2_client client() const {
    plugboard_oauth2_client made_of{};
    made_of.p = PLUGBOARD_PREFIX(plugboard_oauth2_client);
    made_of.token_url = text(url);
    made_of.client_id = text("hub id");
    made_of.client_secret = text("/secret");
    made_of.auth = PLUGBOARD_OAUTH2_BASIC;
    return made_of;
  }

  std::int32_t ask_for(const plugboard_oauth2_client& of) {
    return service()->token(control.host, nullptr, &of, &told, [](void* user, const plugboard_oauth2_token* token) {
      static_cast<Inbox<Told>*>(user)->put(
          {token->error, string(token->access_token), string(token->message), token->retry_after_ns});
    });
  }

  Told get(const plugboard_oauth2_client& of) {
    EXPECT_EQ(ask_for(of), PLUGBOARD_OK);
    return told.take();
  }

  void invalidate(const std::string& token) {
    const auto of = client();
    EXPECT_EQ(service()->invalidate(control.host, &of, text(token)), PLUGBOARD_OK);
  }

  Settings made;
  std::string url, refresh = "r-1";
  std::unique_ptr<http::Server> endpoint; // [its home's thread], as what it answers with
  std::vector<http::Responder> held;
  std::atomic<bool> silent = false;
  std::atomic<int> fetched = 0;
  int status = 200; // set before anybody asks
  std::string body, more = R"(, "expires_in": 3600)";
  http::Headers further;
  Inbox<Form> forms;
  Inbox<Told> told;
};

TEST_F(Oauth2Test, FetchesOnceAndGivesItToAll) {
  start(made);
  EXPECT_EQ(get(client()).token, "token-1") << log.text();
  EXPECT_EQ(get(client()).token, "token-1");
  EXPECT_EQ(fetched, 1);
  const Form form = forms.take();
  EXPECT_EQ(form.body, "grant_type=client_credentials");
  EXPECT_EQ(form.authorization, "Basic aHViJTIwaWQ6cyUyNmNyZXQ="); // hub%20id:s%26cret
  EXPECT_FALSE(log.has("s&cret"));
  EXPECT_FALSE(log.has("token-1"));
}

TEST_F(Oauth2Test, ManyThatWaitShareOneFlight) {
  silent = true;
  start(made);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(ask_for(client()), PLUGBOARD_OK);
  forms.take();
  EXPECT_EQ(told.size(), 0U);
  answer_held();
  for (int i = 0; i < 40; ++i) EXPECT_EQ(told.take().token, "token-1");
  EXPECT_EQ(forms.size(), 0U);
}

TEST_F(Oauth2Test, AnswersACallOnItsThreadAndNoLongerThanItLasts) {
  silent = true;
  control.on_call = [this](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    const auto of = client();
    EXPECT_EQ(service()->token(host, call, &of, &told,
                               [](void* user, const plugboard_oauth2_token* token) {
                                 static_cast<Inbox<Told>*>(user)->put({token->error, {}, {}, 0});
                               }),
              PLUGBOARD_OK);
  };
  start(made);
  EXPECT_EQ(ask("any", in(std::chrono::milliseconds(50))).status, Status::timeout);
  EXPECT_EQ(told.take().error, PLUGBOARD_CANCELLED);
  answer_held();
  silent = false;
  EXPECT_EQ(get(client()).token, "token-1") << "the flight went on for others";
  EXPECT_EQ(told.size(), 0U) << "told once";
}

TEST_F(Oauth2Test, WritesTheFormAsTheClientSays) {
  start(made);
  auto of = client();
  of.auth = PLUGBOARD_OAUTH2_POST;
  of.scope = text("read write");
  of.audience = text("crm");
  of.resource = text("https://crm.example/");
  EXPECT_EQ(get(of).error, PLUGBOARD_OK);
  const Form form = forms.take();
  EXPECT_EQ(form.body, "grant_type=client_credentials&scope=read%20write&audience=crm&"
                       "resource=https%3A%2F%2Fcrm.example%2F&client_id=hub%20id&client_secret=s%26cret");
  EXPECT_EQ(form.authorization, "");
  EXPECT_EQ(get(client()).token, "token-2") << "other words, another token";
}

TEST_F(Oauth2Test, FetchesAnewWhatWasRefused) {
  start(made);
  EXPECT_EQ(get(client()).token, "token-1");
  invalidate("token-0");
  EXPECT_EQ(get(client()).token, "token-1") << "that was another";
  invalidate("token-1");
  EXPECT_EQ(get(client()).token, "token-2");
  invalidate("token-1");
  EXPECT_EQ(get(client()).token, "token-2") << "late word of an old one";
}

TEST_F(Oauth2Test, LeavesAnEndpointAloneWhoseTokensAreAllRefused) {
  start(made);
  Told last;
  for (int i = 1; i <= 30; ++i) {
    last = get(client());
    invalidate(last.token);
  }
  EXPECT_EQ(last.error, PLUGBOARD_BUSY);
  EXPECT_LT(fetched, 15);
}

TEST_F(Oauth2Test, RenewsWhileTheOneBeforeIsStillGood) {
  more = R"(, "expires_in": 2)"; // good for a second, and renewed before it ends
  start(made);
  EXPECT_EQ(get(client()).token, "token-1");
  EXPECT_EQ(get(client()).token, "token-1");
  std::this_thread::sleep_for(std::chrono::milliseconds(1100)); // the hub's clock is the system's here
  EXPECT_EQ(get(client()).token, "token-2");
}

TEST_F(Oauth2Test, KeepsARotatedRefreshTokenBeforeAnybodyGetsTheToken) {
  more = R"(, "expires_in": 3600, "refresh_token": "r-2")";
  std::vector<std::string> kept;
  made.replace_secret = [&](const std::string& handle, Secret value, std::function<void(Result<void>)> done) {
    kept.push_back(handle + "=" + std::string(value.reveal()) + (told.size() == 0 ? "" : " too late"));
    done({});
  };
  start(made);
  auto of = client();
  of.refresh_token = text("/refresh");
  EXPECT_EQ(get(of).token, "token-1") << log.text();
  EXPECT_EQ(forms.take().body, "grant_type=refresh_token&refresh_token=r-1");
  EXPECT_EQ(kept, std::vector<std::string>{"/refresh=r-2"});
  EXPECT_FALSE(log.has("r-2"));
}

TEST_F(Oauth2Test, SaysAloudThatARotatedRefreshTokenIsLost) {
  more = R"(, "refresh_token": "r-2")";
  made.replace_secret = [](const std::string&, const Secret&, const std::function<void(Result<void>)>& done) {
    done(fail(Code::io, "the disk is full"));
  };
  start(made);
  auto of = client();
  of.refresh_token = text("/refresh");
  EXPECT_EQ(get(of).token, "token-1");
  EXPECT_TRUE(log.has("plugin.oauth2_refresh_token_lost"));
}

struct Refusal {
  int status;
  std::string body;
  std::int32_t means;
};

class Oauth2RefusalTest : public Oauth2Test, public ::testing::WithParamInterface<Refusal> {};

TEST_P(Oauth2RefusalTest, IsToldAndRememberedBriefly) {
  status = GetParam().status;
  body = GetParam().body;
  if (status == 429) further = {{"retry-after", "7"}};
  start(made);
  const Told first = get(client());
  EXPECT_EQ(first.error, GetParam().means);
  EXPECT_EQ(first.token, "");
  EXPECT_EQ(first.message.find("s&cret"), std::string::npos);
  if (status == 429) {
    EXPECT_EQ(first.retry_after_ns, 7'000'000'000);
  }
  EXPECT_EQ(get(client()).error, GetParam().means);
  EXPECT_EQ(fetched, 1) << "the endpoint was left alone";
}

INSTANTIATE_TEST_SUITE_P(
    Answers, Oauth2RefusalTest,
    ::testing::Values(Refusal{401, R"({"error": "invalid_client"})", PLUGBOARD_UPSTREAM_UNAUTHORIZED},
                      Refusal{400, R"({"error": "invalid_grant"})", PLUGBOARD_UPSTREAM_UNAUTHORIZED},
                      Refusal{400, R"({"error": "invalid_scope"})", PLUGBOARD_UPSTREAM_REFUSED},
                      Refusal{400, R"({"error": "s&cret"})", PLUGBOARD_UPSTREAM_REFUSED},
                      Refusal{403, "<html>", PLUGBOARD_UPSTREAM_UNAUTHORIZED},
                      Refusal{429, "{}", PLUGBOARD_UPSTREAM_RATE_LIMITED},
                      Refusal{500, "{}", PLUGBOARD_UPSTREAM_FAILED}, Refusal{302, "", PLUGBOARD_UPSTREAM_REFUSED}),
    [](const auto& one) { return "case_" + std::to_string(one.index); });

TEST_F(Oauth2Test, TakesNoTokenThatIsNoBearers) {
  more = R"(", "token_type": "mac")"; // twice is no JSON either
  start(made);
  EXPECT_EQ(get(client()).error, PLUGBOARD_UPSTREAM_MALFORMED);
}

TEST_F(Oauth2Test, StaysWithinTheConnectorsGrants) {
  made.egress = {};
  start(made);
  EXPECT_EQ(get(client()).error, PLUGBOARD_EGRESS_DENIED);
  EXPECT_EQ(fetched, 0);
}

TEST_F(Oauth2Test, RefusesWhatIsNoClient) {
  start(made);
  auto of = client();
  of.client_secret = {};
  EXPECT_EQ(ask_for(of), PLUGBOARD_FAILED) << "neither secret nor refresh token";
  of = client();
  of.auth = 7;
  EXPECT_EQ(ask_for(of), PLUGBOARD_FAILED);
  of = client();
  of.client_secret = text("/nowhere");
  EXPECT_EQ(get(of).error, PLUGBOARD_FAILED);
  for (int i = 0; i < 70; ++i) {
    const std::string scope = "s" + std::to_string(i);
    of = client();
    of.scope = text(scope);
    EXPECT_EQ(ask_for(of), PLUGBOARD_OK);
  }
  int busy = 0;
  for (int i = 0; i < 70; ++i) busy += told.take().error == PLUGBOARD_BUSY ? 1 : 0;
  EXPECT_EQ(busy, 70 - 63) << "one was there already";
}

TEST_F(Oauth2Test, StopsWhileItWaits) {
  silent = true;
  start(made);
  EXPECT_EQ(ask_for(client()), PLUGBOARD_OK);
  forms.take();
  connector->stop();
  EXPECT_EQ(told.take().error, PLUGBOARD_CANCELLED);
}

} // namespace
} // namespace plugboard::connector
