// The agents' listener under TLS: what it speaks, and that its certificate is renewed without harm to anybody.
#include "tests/integration/tls_hub_test.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <csignal>
#include <thread>

#include <sys/stat.h>

namespace plugboard::test {
namespace {

class TlsTest : public TlsHubTest {
 protected:
  bool reload(HubProcess& hub) { return hub.reload(hub.config()); } // the same file; others may be new

  static std::string name_shown(const HubProcess& hub) { return http::TlsClient(port_of(hub), {}).server_name(); }

  std::pair<int, std::string> check(HubProcess& hub, const std::string& text) {
    Process process({HubProcess::process_command(), "--config", hub.folder().write("check.json", text), "--check"},
                    hub.config().environment);
    const auto code = process.wait();
    return {code.value_or(-1), process.out()};
  }
};

TEST_F(TlsTest, AnswersAgentsFromSessionToContext) {
  HubConfig config;
  config.add("canary", canary.connector());
  auto& hub = run_tls(config);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    http::TlsClient agent(port_of(hub), {.min_version = version, .max_version = version, .protocols = "http/1.1"});
    ASSERT_TRUE(agent.greeted()) << agent.complaint();
    agent.send(bytes_of({.path = "/v1/sessions",
                         .key = kDesk,
                         .body = R"({"connector": "login", "credential": {"token": ")" + token_of({}) + "\"}}"}));
    const auto created = agent.response();
    ASSERT_TRUE(created && created->status == 201);
    agent.send(bytes_of({.path = "/v1/context",
                         .key = kDesk,
                         .body = R"({"session": ")" + Json::parse(created->body).text("/session") + "\"}"}));
    const auto context = agent.response();
    ASSERT_TRUE(context && context->status == 200);
    EXPECT_TRUE(Json::parse(context->body).truth("/complete")) << context->body;
  }
  EXPECT_EQ(hub.get("/healthz").status, 400) << "in the clear";
  const auto metrics =
      Connection::tcp(hub.metrics_port())->ask({.method = "GET", .path = "/metrics", .key = {}, .body = {}});
  EXPECT_THAT(metrics.body, testing::HasSubstr("plugboard_tls_handshakes_total{outcome=\"full\"} 2"));
  EXPECT_THAT(metrics.body, testing::HasSubstr("plugboard_tls_handshakes_total{outcome=\"failed\"} 1"));
  EXPECT_THAT(metrics.body, testing::HasSubstr("plugboard_tls_certificate_not_after_seconds"));
}

// What openssl's own client says, a program that nobody here wrote.
TEST_F(TlsTest, ResumesWithOpensslsClient) {
  auto& hub = run_tls({});
  const auto where = "localhost:" + std::to_string(hub.port());
  const auto ca = hub.folder().write("ca.pem", http::pem(authority)), session = hub.folder() / "session.pem";
  for (const std::string version : {"-tls1_2", "-tls1_3"}) {
    const std::string asked =
        "printf 'GET /healthz HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n' | openssl s_client "
        "-ign_eof -connect " +
        where + " -verify_return_error -CAfile " + ca + " " + version;
    Process first({"/bin/sh", "-c", asked + " -sess_out " + session});
    EXPECT_EQ(first.wait(), 0) << first.err();
    EXPECT_THAT(first.out(), testing::AllOf(testing::HasSubstr("New, TLSv1"), testing::HasSubstr("HTTP/1.1 200 OK")));
    Process second({"/bin/sh", "-c", asked + " -sess_in " + session});
    EXPECT_EQ(second.wait(), 0) << second.err();
    EXPECT_THAT(second.out(),
                testing::AllOf(testing::HasSubstr("Reused, TLSv1"), testing::HasSubstr("HTTP/1.1 200 OK")));
  }
}

// Agents ask all the time, over new connections and over ones they hold, while the files are renewed again and again.
TEST_F(TlsTest, RenewsItsCertificateWithoutAFailedRequest) {
  Upstream upstream;
  upstream.on("/held", [&](const UpstreamRequest&) {
    upstream.await("go");
    return UpstreamReply{.body = R"({"late":true})"};
  });
  HubConfig config;
  config.add("shop", rest_connector(upstream.port(), R"({"held": )" + rest_section("/held") + "}"));
  auto& hub = run_tls(config);
  const auto created =
      ask_tls(hub, {.path = "/v1/sessions",
                    .key = kDesk,
                    .body = R"({"connector": "login", "credential": {"token": ")" + token_of({}) + "\"}}"});
  http::TlsClient in_flight(port_of(hub), {});
  in_flight.send(bytes_of(
      {.path = "/v1/context",
       .key = kDesk,
       .body = R"({"session": ")" + Json::parse(created.body).text("/session") + R"(", "deadline_ms": 25000})"}));
  ASSERT_TRUE(eventually([&] { return !upstream.requests("/held").empty(); }));
  std::atomic<bool> stop = false;
  std::atomic<int> answered = 0, failed = 0;
  std::vector<std::thread> agents;
  for (int i = 0; i < 3; ++i)
    agents.emplace_back([&, holds = i == 0] {
      auto client = std::make_unique<http::TlsClient>(port_of(hub), http::TlsOffer{});
      while (!stop) {
        client->send(bytes_of(sections(kDesk)));
        const auto answer = client->response();
        ++(answer && answer->status == 200 ? answered : failed);
        if (!holds)
          client = std::make_unique<http::TlsClient>(port_of(hub), http::TlsOffer{.session = client->session()});
      }
    });
  for (int i = 0; i < 5; ++i) {
    const auto name = "hub number " + std::to_string(i);
    renew(hub, name);
    EXPECT_TRUE(reload(hub));
    EXPECT_EQ(name_shown(hub), name);
    const int before = answered;
    EXPECT_TRUE(eventually([&] { return answered > before + 20 || failed > 0; }));
  }
  stop = true;
  for (auto& agent : agents) agent.join();
  upstream.open("go");
  const auto late = in_flight.response();
  ASSERT_TRUE(late) << in_flight.complaint();
  EXPECT_EQ(late->status, 200);
  EXPECT_TRUE(Json::parse(late->body).truth("/complete")) << late->body;
  EXPECT_EQ(in_flight.server_name(), "hub");
  EXPECT_EQ(failed, 0);
  EXPECT_GE(answered, 100);
  EXPECT_EQ(hub.events("tls.renewed").size(), 5U);
}

TEST_F(TlsTest, GoesOnWithTheOldCertificateWhenTheNewOneIsBad) {
  auto& hub = run_tls({});
  const auto other = http::certificate_for({.common_name = "other"}, &authority);
  const auto expired = http::certificate_for({.common_name = "expired", .to_days = -1}, &authority);
  hub.folder().write("tls/hub.pem", http::pem(other)); // the key is still the old one's
  EXPECT_FALSE(reload(hub));
  EXPECT_EQ(hub.events("config.fault").back().text("/pointer"), "/agents/tls/key");
  hub.folder().write("tls/hub.pem", http::pem(expired));
  hub.folder().write("tls/hub.key", http::key_pem(expired));
  EXPECT_FALSE(reload(hub));
  EXPECT_THAT(hub.events("config.fault").back().text("/message"), testing::HasSubstr("has expired"));
  EXPECT_EQ(name_shown(hub), "hub");
  EXPECT_EQ(ask_tls(hub, sections(kDesk)).status, 200);
  renew(hub, "mended");
  EXPECT_TRUE(reload(hub));
  EXPECT_EQ(name_shown(hub), "mended");
  auto plain = hub.config();
  plain.agents.clear();
  EXPECT_TRUE(hub.reload(plain)); // which is no matter of a reload
  EXPECT_EQ(hub.events("hub.needs_restart").back().text("/members"), "agents");
  EXPECT_EQ(name_shown(hub), "mended");
}

TEST_F(TlsTest, SaysEveryFaultWithItsPlace) {
  auto& hub = prepare_tls({}, R"(, "client_ca": {"file": "tls/nowhere.pem"})");
  hub.folder().write("tls/hub.key", http::key_pem(authority, "a passphrase"));
  const auto [code, said] = check(hub, hub.config().text());
  EXPECT_EQ(code, 1);
  EXPECT_THAT(said, testing::HasSubstr("/agents/tls/client_ca: cannot read"));
  auto config = hub.config();
  config.agents = tls_member();
  EXPECT_THAT(check(hub, config.text()).second, testing::ContainsRegex("/agents/tls/key: .*hub.key is encrypted"));
  config.agents = tls_member(R"(, "client_certificates": "required")");
  EXPECT_THAT(check(hub, config.text()).second, testing::HasSubstr("/agents/tls/client_certificates: needs"));
  renew(hub, "hub");
  config.agents = tls_member();
  config.clients = R"([{"id": "a", "certificate": {"subject": "CN=a"}, "sections": [], "scopes": []},
                       {"id": "b", "sections": [], "scopes": []}])";
  const auto clients = check(hub, config.text()).second;
  EXPECT_THAT(clients, testing::HasSubstr("/clients/0/certificate: is never asked for"));
  EXPECT_THAT(clients, testing::HasSubstr("/clients/1: has neither"));
}

TEST_F(TlsTest, WarnsOfWhatShouldNotStaySo) {
  HubConfig config;
  config.more += R"("policy": {"rules": []},)"; // that there is none is a warning, too
  auto& hub = prepare_tls(std::move(config));
  ::chmod((hub.folder() / "tls/hub.key").c_str(), 0644);
  auto [code, said] = check(hub, hub.config().text());
  EXPECT_EQ(code, 0) << said;
  EXPECT_THAT(said, testing::ContainsRegex("/agents/tls/key: warning: .*chmod 600"));
  ::chmod((hub.folder() / "tls/hub.key").c_str(), 0600);
  EXPECT_THAT(check(hub, hub.config().text()).second, testing::Not(testing::HasSubstr("warning")));
  auto open = hub.config();
  open.agents.clear();
  EXPECT_THAT(check(hub, open.text()).second, testing::Not(testing::HasSubstr("warning"))) << "loopback";
  auto text = open.text();
  text.replace(text.find("127.0.0.1:0"), 11, "0.0.0.0:0");
  EXPECT_THAT(check(hub, text).second, testing::HasSubstr("/agents/listen: warning: clients' keys"));
}

} // namespace
} // namespace plugboard::test
