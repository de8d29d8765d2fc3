// Certificates as clients' credentials, and the command line that shows them.
#include "tests/integration/tls_hub_test.hpp"

namespace plugboard::test {
namespace {

using http::certificate_for;

class TlsClientTest : public TlsHubTest {
 protected:
  HubConfig knowing(const std::string& fingerprint) const {
    HubConfig config;
    config.add("canary", canary.connector());
    config.clients = R"([
      {"id": "desk", "key": {"env": "DESK_KEY"}, "certificate": {"subject": "cn=desk, O=Shop"}, "sections": ["*"],
       "scopes": ["session:create", "context:read"]},
      {"id": "bot", "certificate": {"uri": "spiffe://shop.example/bot"}, "sections": ["*"], "scopes": ["context:read"]},
      {"id": "voice", "certificate": {"dns": "Voice.shop.example"}, "sections": ["*"], "scopes": ["context:read"]},
      {"id": "pinned", "certificate": {"sha256": ")" +
                     fingerprint + R"("}, "sections": ["*"], "scopes": ["context:read"]},
      {"id": "lobby", "key": {"env": "LOBBY_KEY"}, "sections": ["*"], "scopes": ["context:read"]}])";
    return config;
  }

  http::Certificate certificate(const std::string& name, const std::string& names = "",
                                const std::string& shop = "") const {
    return certificate_for({.common_name = name, .organisation = shop, .names = names, .extended_usage = "clientAuth"},
                           &authority);
  }

  static int status(const HubProcess& hub, const http::Certificate& shown, const std::string& key = "") {
    return ask_tls(hub, sections(key), {.certificate = &shown}).status;
  }

  const http::Certificate desk = certificate("desk", "", "Shop");
  const http::Certificate pinned = certificate("pinned");
};

TEST_F(TlsClientTest, KnowsClientsByTheirCertificates) {
  auto& hub = run_tls(knowing(http::fingerprint(pinned)), kMayAsk);
  EXPECT_EQ(status(hub, desk), 200);
  EXPECT_EQ(status(hub, certificate("x", "URI:spiffe://shop.example/bot")), 200);
  EXPECT_EQ(status(hub, certificate("x", "DNS:voice.shop.example")), 200);
  EXPECT_EQ(status(hub, pinned), 200);
  // nobody's, though signed
  EXPECT_EQ(status(hub, certificate("desk")), 401); // not the whole subject
  EXPECT_EQ(status(hub, certificate("desk,O=Shop")), 401);
  EXPECT_EQ(status(hub, certificate("pinned")), 401); // another of the same name
  EXPECT_EQ(status(hub, certificate("x", "URI:spiffe://shop.example/Bot")), 401);
  EXPECT_EQ(status(hub, certificate("x", "DNS:*.shop.example")), 401);
  EXPECT_EQ(status(hub, certificate("spiffe://shop.example/bot")), 401); // a URI only where URIs stand
  EXPECT_EQ(ask_tls(hub, sections()).status, 401);
  const auto refused = ask_tls(hub, sections(), {});
  EXPECT_EQ(Json::parse(refused.body).text("/type"), "urn:plugboard:problem:client-unknown");
}

TEST_F(TlsClientTest, LetsKeyAndCertificateNameOneClientOnly) {
  auto& hub = run_tls(knowing(http::fingerprint(pinned)), kMayAsk);
  const auto both = certificate("x", "DNS:voice.shop.example,URI:spiffe://shop.example/bot");
  const auto desk_and_bot = certificate("desk", "URI:spiffe://shop.example/bot", "Shop");
  EXPECT_EQ(status(hub, desk, kDesk), 200);
  EXPECT_EQ(status(hub, desk, kLobby), 401);
  EXPECT_EQ(status(hub, desk, "some-key-0123456789abcdef"), 401) << "a wrong key is not made good";
  EXPECT_EQ(status(hub, certificate("a proxy"), kLobby), 200) << "one that is nobody's says nothing";
  EXPECT_EQ(ask_tls(hub, sections(kLobby)).status, 200);
  EXPECT_EQ(status(hub, both), 401) << "which of the two would be a guess";
  EXPECT_EQ(status(hub, desk_and_bot), 401);
  EXPECT_EQ(status(hub, desk_and_bot, kDesk), 200);
  EXPECT_EQ(status(hub, both, kDesk), 401);
}

TEST_F(TlsClientTest, BindsSessionsToTheClientOfTheCertificate) {
  auto& hub = run_tls(knowing(http::fingerprint(pinned)), kMayAsk);
  const auto created = ask_tls(hub,
                               {.path = "/v1/sessions",
                                .key = {},
                                .body = R"({"connector": "login", "credential": {"token": ")" + token_of({}) + "\"}}"},
                               {.certificate = &desk});
  ASSERT_EQ(created.status, 201) << created.body;
  const Ask context{.path = "/v1/context",
                    .key = {},
                    .body = R"({"session": ")" + Json::parse(created.body).text("/session") + "\"}"};
  EXPECT_EQ(ask_tls(hub, context, {.certificate = &desk}).status, 200);
  EXPECT_EQ(ask_tls(hub, context, {.certificate = &pinned}).status, 404);
}

TEST_F(TlsClientTest, LetsNobodyInWithoutACertificateWhereItIsRequired) {
  auto& hub =
      run_tls(knowing(http::fingerprint(pinned)), std::string(kMayAsk) + R"(, "client_certificates": "required")");
  const auto stranger = certificate_for({.common_name = "desk", .organisation = "Shop"}, nullptr);
  EXPECT_EQ(ask_tls(hub, sections(kLobby)).body, "tlsv13 alert certificate required");
  EXPECT_EQ(status(hub, stranger, kDesk), 0);
  EXPECT_EQ(status(hub, desk), 200);
}

TEST_F(TlsClientTest, TakesANewAuthorityAndNewClientsAtAReload) {
  auto& hub = run_tls(knowing(http::fingerprint(pinned)), kMayAsk);
  const auto other = certificate_for({.common_name = "Other", .is_authority = true}, nullptr);
  const auto anew = certificate_for({.common_name = "desk", .organisation = "Shop"}, &other);
  EXPECT_EQ(status(hub, anew), 0);
  http::TlsClient held(port_of(hub), {.certificate = &desk});
  hub.folder().write("tls/clients.pem", http::pem(other));
  auto config = hub.config();
  config.clients.replace(config.clients.find("cn=desk, O=Shop"), 15, "CN=agent");
  config.clients.replace(config.clients.find("spiffe://shop.example/bot"), 25, "spiffe://shop.example/b2");
  ASSERT_TRUE(hub.reload(config)) << hub.raw_log();
  EXPECT_EQ(status(hub, anew), 401);
  EXPECT_EQ(status(hub, desk), 0);
  held.send(bytes_of(sections()));
  EXPECT_EQ(held.response()->status, 401) << "the connection lives, its client is none any more";
}

TEST_F(TlsClientTest, EndsConnectionsWhoseAuthorityIsGoneAtAReload) {
  auto& hub = run_tls(knowing(http::fingerprint(pinned)), kMayAsk);
  http::TlsClient held(port_of(hub), {.certificate = &desk});
  held.send(bytes_of(sections()));
  ASSERT_NE(held.response()->status, 401);
  hub.folder().write("tls/clients.pem",
                     http::pem(certificate_for({.common_name = "Other", .is_authority = true}, nullptr)));
  ASSERT_TRUE(hub.reload(hub.config())) << hub.raw_log();
  held.send(bytes_of(sections()));
  EXPECT_EQ(held.response()->status, 401) << "the same name, but nobody vouches for it any more";
  EXPECT_EQ(held.end(), http::TlsClient::End::farewell);
}

TEST_F(TlsClientTest, IsAskedByTheCommandLine) {
  auto& hub = run_tls(knowing(http::fingerprint(pinned)), kMayAsk);
  const auto server = "https://localhost:" + std::to_string(hub.port());
  const auto ca = hub.folder().write("ca.pem", http::pem(authority));
  const auto shown = hub.folder().write("desk.pem", http::pem(desk)),
             key = hub.folder().write("desk.key", http::key_pem(desk));
  const auto together = hub.folder().write("both.pem", http::pem(desk) + http::key_pem(desk));
  const auto run = [&](std::vector<std::string> words, const std::map<std::string, std::string>& environment = {}) {
    words.insert(words.begin(), COMMAND_LINE);
    Process process(words, environment);
    const auto code = process.wait().value_or(-1);
    return std::to_string(code) + " " + process.out() + process.err();
  };
  const auto at = [&](std::vector<std::string> more) {
    std::vector<std::string> words{"--server", server, "--admin", hub.admin_socket()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  EXPECT_THAT(run(at({"--ca", ca, "section", "list"}), {{"PLUGBOARD_KEY", kDesk}}),
              testing::AllOf(testing::StartsWith("0 "), testing::HasSubstr("canary.song")));
  EXPECT_THAT(run(at({"--ca", ca, "--certificate", shown, "--certificate-key", key, "doctor"})),
              testing::AllOf(testing::StartsWith("0 "), testing::HasSubstr("client certificate: known")));
  EXPECT_THAT(run({"section", "list"},
                  {{"PLUGBOARD_SERVER", server}, {"PLUGBOARD_CA", ca}, {"PLUGBOARD_CERTIFICATE", together}}),
              testing::StartsWith("0 "));
  EXPECT_THAT(run(at({"section", "list"}), {{"PLUGBOARD_KEY", kDesk}}),
              testing::AllOf(testing::StartsWith("1 "), testing::HasSubstr("--ca FILE")));
  EXPECT_THAT(run({"--server", "http://localhost:" + std::to_string(hub.port()), "section", "list"}),
              testing::AllOf(testing::StartsWith("1 "), testing::HasSubstr("https://")));
  EXPECT_THAT(run(at({"--ca", "/no/such.pem", "section", "list"})), testing::StartsWith("2 "));
  EXPECT_THAT(run(at({"--ca", ca, "--certificate", shown, "--certificate-key", ca, "section", "list"})),
              testing::AllOf(testing::StartsWith("1 "), testing::HasSubstr("cannot use the key")));
}

} // namespace
} // namespace plugboard::test
