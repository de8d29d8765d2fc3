// Admins over TCP and TLS: by keys alone, with what their role says, and on the command line.
#include "tests/integration/tls_hub_test.hpp"

namespace plugboard::test {
namespace {

class AdminTlsTest : public TlsHubTest {
 protected:
  // Its admins come over TLS, its agents in the clear.
  HubProcess& run_with_admins() {
    HubConfig config;
    config.with_admins();
    config.admin += tls_member();
    auto& hub = prepare(std::move(config));
    renew(hub, "hub");
    if (!hub.start()) throw std::runtime_error("the hub did not start: " + hub.raw_log());
    return hub;
  }

  static http::RawResponse ask_admin(const HubProcess& hub, const std::string& key, const std::string& path,
                                     const http::TlsOffer& offer = {}) {
    http::TlsClient client(static_cast<std::uint16_t>(hub.admin_port()), offer);
    client.send(bytes_of({.method = "GET", .path = path, .key = key, .body = {}}));
    return client.response().value_or(http::RawResponse{0, "", client.complaint()});
  }
};

TEST_F(AdminTlsTest, KnowsAdminsByTheirKeysAlone) {
  auto& hub = run_with_admins();
  for (const auto* key : {kViewer, kOperator, kAdmin}) EXPECT_EQ(ask_admin(hub, key, "/admin/v1/clients").status, 200);
  EXPECT_EQ(ask_admin(hub, kViewer, "/admin/v1/audit").status, 403);
  EXPECT_EQ(ask_admin(hub, kOperator, "/admin/v1/audit").status, 200);
  EXPECT_EQ(ask_admin(hub, kElsewhere, "/metrics").status, 403);
  for (const auto* key : {"", kDesk, "nobody's-key-0123456789abcdef0123456789"})
    EXPECT_EQ(ask_admin(hub, key, "/admin/v1/clients").status, 401) << key;
  const auto shown = http::certificate_for({.common_name = "boss", .extended_usage = "clientAuth"}, &authority);
  EXPECT_EQ(ask_admin(hub, "", "/admin/v1/clients", {.certificate = &shown}).status, 401) << "whatever it shows";
}

TEST_F(AdminTlsTest, SpeaksNothingElse) {
  auto& hub = run_with_admins();
  auto clear = Connection::tcp(hub.admin_port());
  ASSERT_TRUE(clear);
  EXPECT_NE(clear->ask({.method = "GET", .path = "/admin/v1/clients", .key = kAdmin, .body = {}}).status, 200);
  EXPECT_EQ(ask_admin(hub, kAdmin, "/admin/v1/clients", {.max_version = 0x0302}).status, 0) << "TLS 1.1";
  EXPECT_EQ(ask_admin(hub, kAdmin, "/admin/v1/clients").status, 200);
}

TEST_F(AdminTlsTest, RenewsItsCertificateAtAReload) {
  auto& hub = run_with_admins();
  const auto port = static_cast<std::uint16_t>(hub.admin_port());
  EXPECT_EQ(http::TlsClient(port, {}).server_name(), "hub");
  renew(hub, "renewed");
  ASSERT_TRUE(hub.reload(hub.config()));
  EXPECT_EQ(http::TlsClient(port, {}).server_name(), "renewed");
}

TEST_F(AdminTlsTest, IsAskedByTheCommandLine) {
  auto& hub = run_with_admins();
  const auto ca = hub.folder().write("ca.pem", http::pem(authority));
  const auto run = [&](const std::string& key, std::vector<std::string> more, const std::string& scheme = "https") {
    std::vector<std::string> words{COMMAND_LINE, "--admin",
                                   scheme + "://localhost:" + std::to_string(hub.admin_port())};
    words.insert(words.end(), more.begin(), more.end());
    Process process(words, {{"PLUGBOARD_ADMIN_KEY", key}});
    const auto code = process.wait().value_or(-1);
    return std::to_string(code) + " " + process.out() + process.err();
  };
  EXPECT_THAT(run(kViewer, {"--ca", ca, "client", "list"}),
              testing::AllOf(testing::StartsWith("0 "), testing::HasSubstr("desk")));
  EXPECT_THAT(run(kViewer, {"--ca", ca, "client", "remove", "desk"}), testing::StartsWith("1 "));
  EXPECT_THAT(run(kDesk, {"--ca", ca, "client", "list"}), testing::StartsWith("1 "));
  EXPECT_THAT(run(kViewer, {"client", "list"}), testing::AllOf(testing::StartsWith("1 "), testing::HasSubstr("--ca")));
  EXPECT_THAT(run(kViewer, {"client", "list"}, "http"), testing::StartsWith("1 "));
}

} // namespace
} // namespace plugboard::test
