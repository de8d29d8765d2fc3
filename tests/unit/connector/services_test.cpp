// What the hub does for a plugin: HTTP, files, secrets, log; asked for through the ABI by a real library.
#include "bench.hpp"

#include "core/http/server.hpp"
#include "temporary_folder.hpp"

#include <plugboard/host_files.h>
#include <plugboard/host_http.h>
#include <plugboard/host_secrets.h>

namespace plugboard::connector {
namespace {

plugboard_str text(std::string_view chars) {
  return {chars.data(), chars.size()};
}

std::string string(plugboard_str chars) {
  return std::string(chars.data == nullptr ? "" : chars.data, chars.size);
}

template <class T>
const T* service(const plugboard_host* host, const char* id) {
  return static_cast<const T*>(host->extension(host, id));
}

struct Heard { // an HTTP response, or why there is none
  std::int32_t error = 0, status = 0;
  std::string body, message, kind;
  std::thread::id thread;
};

std::string told_of_trace(const http::Request& request) {
  const auto said = [&](const char* name) { return "\"" + std::string(request.header(name).value_or("none")) + "\""; };
  return "{\"parent\": " + said("traceparent") + ", \"state\": " + said("tracestate") + "}";
}

class ServicesTest : public Bench {
 public:
  void listen() { // a small upstream on the home's own io_context
    homes[0]->run([this] {
      upstream =
          http::Server::listen(homes[0]->io, http::TcpEndpoint{"127.0.0.1", 0}, {}, clock, log, metrics,
                               [this](const http::Request& request, http::Responder responder) {
                                 paths.put(std::string(request.path));
                                 if (request.path == "/trace")
                                   return responder.send({200, "application/json", {}, told_of_trace(request)});
                                 if (request.path == "/pause")
                                   return responder.send({429, "text/plain", {{"retry-after", "90"}}, "slow down"});
                                 if (request.path.starts_with("/30"))
                                   return responder.send({std::stoi(std::string(request.path.substr(1))),
                                                          "text/plain",
                                                          {{"location", "http://127.0.0.1:1/secret"}},
                                                          "elsewhere"});
                                 if (request.path == "/silent") return held.push_back(std::move(responder));
                                 const auto size = request.path == "/large" ? std::size_t{2000} : 0;
                                 responder.send({200,
                                                 "application/json",
                                                 {{"x-seen", std::string(request.method)}},
                                                 size > 0 ? std::string(size, 'x')
                                                          : "{\"path\":\"" + std::string(request.target) + "\"}"});
                               })
              .value();
      upstream->start();
      port = upstream->port();
      return 0;
    });
  }

  void TearDown() override {
    Bench::TearDown();
    if (upstream == nullptr) return;
    homes[0]->run([this] {
      held.clear();
      upstream.reset();
      return 0;
    });
  }

  Settings granted() {
    Settings made = probe(false);
    made.egress = {"http:127.0.0.1:" + std::to_string(port)};
    return made;
  }

  std::string url(const char* path) const { return "http://127.0.0.1:" + std::to_string(port) + path; }

  // Asks over HTTP as a plugin would; what is heard goes into `heard`.
  std::int32_t send(const plugboard_host* host, plugboard_call* call, const std::string& to,
                    const std::function<void(plugboard_http_request&)>& change = nullptr) {
    plugboard_http_request request{};
    request.p = PLUGBOARD_PREFIX(plugboard_http_request);
    request.call = call;
    request.method = text("GET");
    request.url = text(to);
    if (change) change(request);
    return service<plugboard_host_http_v1>(host, PLUGBOARD_HOST_HTTP_V1)
        ->send(host, &request, this, [](void* user, const plugboard_http_response* response) {
          Heard got{response->error,           response->status, string(response->body), string(response->message), {},
                    std::this_thread::get_id()};
          for (std::size_t i = 0; i < response->header_count; ++i)
            if (string(response->headers[i].name) == "content-type") got.kind = string(response->headers[i].value);
          auto& self = *static_cast<ServicesTest*>(user);
          if (self.on_heard) self.on_heard(got);
          self.heard.put(std::move(got));
        });
  }

  // A call that asks its upstream and answers with what that said.
  void relay(const std::string& to) {
    control.on_call = [this, to](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
      on_heard = [host, call](const Heard& got) {
        const plugboard_reply reply = reply_of(got.error, got.body, got.message);
        host->complete(host, call, &reply);
      };
      EXPECT_EQ(send(host, call, to), PLUGBOARD_OK);
    };
  }

  std::unique_ptr<http::Server> upstream;
  std::vector<http::Responder> held;
  std::uint16_t port = 0;
  std::function<void(const Heard&)> on_heard;
  Inbox<Heard> heard;
  Inbox<std::string> paths; // seen by the upstream: paths
};

TEST_F(ServicesTest, AsksAnUpstreamOnTheCallsThread) {
  listen();
  relay(url("/customers/1?x=y"));
  start(granted());
  const Outcome outcome = ask("any");
  EXPECT_EQ(outcome.status, Status::ok) << log.text();
  EXPECT_EQ(outcome.data, "{\"path\":\"/customers/1?x=y\"}");
  const Heard got = heard.take();
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.kind, "application/json");
  EXPECT_EQ(got.thread, homes[0]->home->thread);
}

TEST_F(ServicesTest, TellsTheUpstreamWhoseTraceACallIsPartOfUnlessThePluginDoes) {
  listen();
  std::string own;
  control.on_call = [this, &own](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    on_heard = [host, call](const Heard& got) { answer(host, call, got.body); };
    const plugboard_http_header said{text("TraceParent"), text(own)};
    send(host, call, url("/trace"), [&](auto& request) {
      request.headers = &said;
      request.header_count = own.empty() ? 0 : 1;
    });
  };
  start(granted());
  const std::string theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const auto asked = [&](const TraceContext& trace) {
    auto request = for_nobody();
    request.caller = std::make_shared<const Caller>(Caller{.tenant = "default", .trace = trace});
    return std::string(ask("any", Deadline::never(), std::move(request)).data.view());
  };
  EXPECT_EQ(asked({}), R"({"parent": "none", "state": "none"})");
  EXPECT_EQ(asked({theirs, ""}), R"({"parent": ")" + theirs + R"(", "state": "none"})");
  EXPECT_EQ(asked({theirs, "shop=1"}), R"({"parent": ")" + theirs + R"(", "state": "shop=1"})");
  own = theirs;
  EXPECT_EQ(asked({theirs, "shop=1"}), R"({"parent": ")" + theirs + R"(", "state": "shop=1"})") << "once only";
  own = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
  EXPECT_EQ(asked({theirs, "shop=1"}), R"({"parent": ")" + own + R"(", "state": "none"})") << "its own word";
}

TEST_F(ServicesTest, AsksFromAnotherThreadAndIsAnsweredOnTheCalls) {
  listen();
  control.on_call = [this](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    on_heard = [host, call](const Heard& got) { answer(host, call, got.body); };
    std::thread([&] { EXPECT_EQ(send(host, call, url("/other")), PLUGBOARD_OK); }).join();
  };
  start(granted());
  EXPECT_EQ(ask("any").data, "{\"path\":\"/other\"}");
  EXPECT_EQ(heard.take().thread, homes[0]->home->thread);
}

TEST_F(ServicesTest, WhatIsNotGrantedIsDenied) {
  listen();
  relay("http://127.0.0.1:" + std::to_string(port + 1) + "/");
  start(granted());
  EXPECT_EQ(ask("any").reason, Reason::egress_denied);
  EXPECT_EQ(heard.take().error, PLUGBOARD_EGRESS_DENIED);
}

TEST_F(ServicesTest, AGrantTheManifestDoesNotWishForIsNone) {
  relay("https://api.elsewhere.test/");
  Settings made = probe(false);
  made.egress = {"https:api.elsewhere.test"}; // the manifest wishes https:*.example
  start(made);
  EXPECT_EQ(ask("any").reason, Reason::egress_denied);
}

TEST_F(ServicesTest, UnusableRequestsAreRefusedAtOnce) {
  listen();
  start(granted());
  const plugboard_host* host = control.host;
  const plugboard_http_header bad_headers[] = {{text("Host"), text("evil")},
                                               {text("content-length"), text("5")},
                                               {text("Transfer-Encoding"), text("chunked")},
                                               {text("x y"), text("1")},
                                               {text("x"), text("1\r\nInjected: 1")}};
  for (const auto& header : bad_headers)
    EXPECT_EQ(send(host, nullptr, url("/"),
                   [&](auto& request) {
                     request.headers = &header;
                     request.header_count = 1;
                   }),
              PLUGBOARD_FAILED)
        << string(header.name);
  for (const char* wrong : {"", "/relative", "ftp://127.0.0.1/", "http://user@127.0.0.1/", "http://127.0.0.1/a b"})
    EXPECT_EQ(send(host, nullptr, wrong), PLUGBOARD_FAILED) << wrong;
  EXPECT_EQ(send(host, nullptr, url("/"), [](auto& request) { request.method = text("GET /x"); }), PLUGBOARD_FAILED);
  EXPECT_EQ(send(host, nullptr, url("/"), [](auto& request) { request.p.magic = 0; }), PLUGBOARD_FAILED);
  EXPECT_EQ(send(host, nullptr, url("/"), [](auto& request) { request.header_count = 7; }), PLUGBOARD_FAILED);
  EXPECT_EQ(send(host, nullptr, url("/"), [](auto& request) { request.body = {nullptr, 7}; }), PLUGBOARD_FAILED);
  EXPECT_EQ(heard.size(), 0U);
  EXPECT_TRUE(log.has("plugin.http_unusable"));
}

TEST_F(ServicesTest, ThePluginsOwnBusinessNeedsNoCall) {
  listen();
  start(granted());
  EXPECT_EQ(send(control.host, nullptr, url("/keys")), PLUGBOARD_OK);
  EXPECT_EQ(heard.take().body, "{\"path\":\"/keys\"}");
}

TEST_F(ServicesTest, ItsOwnTimeLimitHolds) {
  listen();
  start(granted());
  send(control.host, nullptr, url("/silent"), [](auto& request) { request.timeout_ns = 20'000'000; });
  EXPECT_EQ(heard.take().error, PLUGBOARD_TIMEOUT);
}

TEST_F(ServicesTest, AnAnswerOverItsLimitIsTooLarge) {
  listen();
  start(granted());
  send(control.host, nullptr, url("/large"), [](auto& request) { request.max_body_bytes = 1999; });
  EXPECT_EQ(heard.take().error, PLUGBOARD_TOO_LARGE);
  send(control.host, nullptr, url("/large"), [](auto& request) { request.max_body_bytes = 2000; });
  EXPECT_EQ(heard.take().body.size(), 2000U);
}

TEST_F(ServicesTest, NobodyThereIsUnreachable) {
  listen();
  homes[0]->run([this] {
    upstream.reset();
    return 0;
  });
  relay(url("/"));
  start(granted());
  EXPECT_EQ(ask("any").reason, Reason::unreachable);
}

TEST_F(ServicesTest, RedirectsAreNotFollowed) {
  listen();
  start(granted());
  for (const int status : {300, 301, 302, 303, 305, 307, 308}) {
    EXPECT_EQ(send(control.host, nullptr, url(("/" + std::to_string(status)).c_str())), PLUGBOARD_OK);
    const Heard got = heard.take();
    EXPECT_EQ(got.error, PLUGBOARD_OK) << got.message;
    EXPECT_EQ(got.status, status);
    EXPECT_EQ(got.body, "elsewhere");
  }
  EXPECT_EQ(paths.size(), 7U);
}

TEST_F(ServicesTest, AnUpstreamIsAskedNoOftenerThanItsRate) {
  listen();
  Settings made = granted();
  made.rates.each = {0.01, 3};
  start(made);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(send(control.host, nullptr, url("/")), PLUGBOARD_OK);
    EXPECT_EQ(heard.take().error, PLUGBOARD_OK);
  }
  relay(url("/"));
  const Outcome outcome = ask("any");
  EXPECT_EQ(outcome.reason, Reason::upstream_rate_limited) << log.text();
  EXPECT_GT(outcome.retry_after, std::chrono::seconds(90));
  EXPECT_LE(outcome.retry_after, std::chrono::seconds(100));
  EXPECT_EQ(heard.take().error, PLUGBOARD_UPSTREAM_RATE_LIMITED);
  EXPECT_EQ(paths.size(), 3U);
}

TEST_F(ServicesTest, APauseThatAnUpstreamAsksForHoldsForAllCalls) {
  listen();
  start(granted());
  EXPECT_EQ(send(control.host, nullptr, url("/pause")), PLUGBOARD_OK);
  const Heard told = heard.take();
  EXPECT_EQ(told.status, 429) << "the answer itself goes to the plugin";
  EXPECT_EQ(told.body, "slow down");
  relay(url("/"));
  const Outcome outcome = ask("any");
  EXPECT_EQ(outcome.reason, Reason::upstream_rate_limited) << log.text();
  EXPECT_GT(outcome.retry_after, std::chrono::seconds(60));
  EXPECT_LE(outcome.retry_after, std::chrono::seconds(90));
  EXPECT_EQ(paths.size(), 1U);
}

TEST_F(ServicesTest, WhenTheCallIsOverItsExchangesAre) {
  listen();
  relay(url("/silent"));
  start(granted());
  EXPECT_EQ(ask("any", in(std::chrono::milliseconds(30))).status, Status::timeout);
  EXPECT_EQ(heard.take().error, PLUGBOARD_CANCELLED);
  EXPECT_EQ(homes[0]->run([this] { return homes[0]->client->idle_connections(); }), 0U) << "never used again";
}

TEST_F(ServicesTest, CancellingACallCancelsItsExchanges) {
  listen();
  relay(url("/silent"));
  start(granted());
  Inbox<Outcome> outcomes;
  const auto id = begin(outcomes, "any");
  homes[0]->run([&] {
    connector->cancel(id);
    return 0;
  });
  EXPECT_EQ(heard.take().error, PLUGBOARD_CANCELLED);
  EXPECT_EQ(outcomes.size(), 0U);
}

TEST_F(ServicesTest, AnExchangeForACallThatIsCompletedIsRefused) {
  listen();
  start(granted());
  plugboard_call* old = nullptr;
  control.on_call = [&](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    old = call;
    answer(host, call, "{}");
  };
  ask("any");
  EXPECT_EQ(send(control.host, old, url("/")), PLUGBOARD_CANCELLED);
  EXPECT_EQ(heard.size(), 0U);
}

TEST_F(ServicesTest, StoppingAnswersEveryExchangeAsCancelled) {
  listen();
  relay(url("/silent"));
  start(granted());
  Inbox<Outcome> outcomes;
  begin(outcomes, "any");
  control.on_stop = [this] { EXPECT_EQ(heard.size(), 2U) << "answered before stop() asks the plugin to end"; };
  send(control.host, nullptr, url("/silent"));
  connector->stop();
  EXPECT_EQ(heard.take().error, PLUGBOARD_CANCELLED);
  EXPECT_EQ(heard.take().error, PLUGBOARD_CANCELLED);
  EXPECT_EQ(outcomes.take().status, Status::unavailable);
}

TEST_F(ServicesTest, HandsOutSecretsByHandleOnly) {
  Settings made = probe(false);
  int asked = 0;
  made.secrets["s1"] = [&asked]() -> Result<Secret> { return Secret("hunter" + std::to_string(++asked)); };
  made.secrets["gone"] = []() -> Result<Secret> { return fail(Code::not_found, "DB_PASSWORD is not set"); };
  start(made);
  const auto get = [this](std::string_view handle) {
    std::string value;
    const auto status = service<plugboard_host_secrets_v1>(control.host, PLUGBOARD_HOST_SECRETS_V1)
                            ->get(control.host, text(handle), &value, [](void* user, plugboard_str secret) {
                              *static_cast<std::string*>(user) = string(secret);
                            });
    return std::to_string(status) + value;
  };
  EXPECT_EQ(get("s1"), "1hunter1");
  EXPECT_EQ(get("s1"), "1hunter2") << "asked for each time, so that it can be rotated";
  EXPECT_EQ(get("s2"), std::to_string(PLUGBOARD_NOT_FOUND));
  EXPECT_EQ(get("gone"), std::to_string(PLUGBOARD_FAILED));
  EXPECT_TRUE(log.has("DB_PASSWORD is not set"));
  EXPECT_FALSE(log.has("hunter"));
}

TEST_F(ServicesTest, WatchesAGrantedFileThroughItsRotations) {
  TemporaryFolder folder;
  folder.write("keys.json", "first");
  Settings made = probe(false);
  made.files = {"ro:keys.json"};
  made.files_root = folder.path.string();
  made.file_poll = std::chrono::milliseconds(5);
  Inbox<std::string> seen;
  control.on_create = [&](const plugboard_host* host, std::string_view) {
    const auto status = service<plugboard_host_files_v1>(host, PLUGBOARD_HOST_FILES_V1)
                            ->watch(host, text("keys.json"), &seen, [](void* user, plugboard_str bytes) {
                              static_cast<Inbox<std::string>*>(user)->put(string(bytes));
                            });
    EXPECT_EQ(status, PLUGBOARD_OK);
    EXPECT_EQ(seen.size(), 1U);
  };
  start(made);
  EXPECT_EQ(seen.take(), "first");
  folder.write("keys.json", "second");
  EXPECT_EQ(seen.take(), "second");
  connector->stop();
}

TEST_F(ServicesTest, TheLogIsThePluginsUnderTheConnectorsNameAndNeverAFlood) {
  start(probe(false));
  const plugboard_host* host = control.host;
  host->log(host, PLUGBOARD_LOG_INFO, text("pool of 4 connections"));
  EXPECT_TRUE(log.has("plugin.said connector=crm message=pool of 4 connections"));
  for (int i = 0; i < 1000; ++i) host->log(host, PLUGBOARD_LOG_ERROR, text("again and again"));
  std::size_t lines = 0;
  const std::string all = log.text();
  for (std::size_t at = all.find("again"); at != std::string::npos; at = all.find("message=again", at + 1)) ++lines;
  EXPECT_GE(lines, 40U);
  EXPECT_LE(lines, 70U);
  host->log(host, 99, {nullptr, 5});
}

TEST_F(ServicesTest, AnUnknownServiceIsNotThere) {
  start(probe(false));
  EXPECT_EQ(control.host.load()->extension(control.host, "plugboard.host.teleport/1"), nullptr);
  EXPECT_EQ(control.host.load()->extension(control.host, nullptr), nullptr);
}

} // namespace
} // namespace plugboard::connector
