// Towards a real nginx under TLS: its certificate is verified, and sessions are resumed where connections are not kept.
#include "tests/integration/hub_test.hpp"
#include "tests/support/free_port.hpp"
#include "tests/unit/http/certificates.hpp"

#include <algorithm>
#include <filesystem>

namespace plugboard::test {
namespace {

constexpr const char* kNginx = "/usr/sbin/nginx";

class UpstreamTlsTest : public HubTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(kNginx)) << "nginx is not there; .ci/install tests installs it";
    folder.write("ca.pem", http::pem(authority));
    const auto made = http::certificate_for({.common_name = "shop", .names = "DNS:localhost"}, &authority);
    folder.write("shop.pem", http::pem(made));
    folder.write("shop.key", http::key_pem(made));
  }

  // Closes each connection after one answer, and notes of each request whether its session was resumed.
  std::unique_ptr<Process> nginx(int port, const std::string& version) const {
    const auto file =
        folder.write("nginx.conf", "daemon off; master_process off; pid nginx.pid; error_log stderr;\n"
                                   "events {}\nhttp {\n"
                                   "  log_format seen '$ssl_protocol $ssl_session_reused';\n"
                                   "  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path "
                                   "fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;\n"
                                   "  server {\n    listen 127.0.0.1:" +
                                       std::to_string(port) +
                                       " ssl;\n"
                                       "    ssl_certificate shop.pem; ssl_certificate_key shop.key;\n"
                                       "    ssl_protocols " +
                                       version +
                                       "; keepalive_requests 1;\n"
                                       "    access_log seen-" +
                                       version +
                                       ".log seen;\n"
                                       "    location / { default_type application/json; return 200 '{\"n\":1}'; }\n"
                                       "  }\n}\n");
    auto process =
        std::make_unique<Process>(std::vector<std::string>{kNginx, "-p", folder.path(), "-c", file, "-e", "stderr"});
    if (!eventually([&] { return Connection::tcp(port).has_value() || process->ended(); }) || process->ended())
      throw std::runtime_error("nginx does not start: " + process->err());
    return process;
  }

  static std::string connector(int port) {
    const auto place = "localhost:" + std::to_string(port);
    return R"({"plugin": "rest", "isolation": "in_process", "config": {"base_url": "https://)" + place +
           R"(", "sections": {"one": )" + rest_section("/one") + R"(}}, "grants": {"egress": ["https:)" + place +
           R"("]}})";
  }

  TempFolder folder;
  const http::Certificate authority = http::make_authority();
};

TEST_F(UpstreamTlsTest, KeepsResumingSessions) {
  for (const std::string version : {"TLSv1.2", "TLSv1.3"}) {
    const int port = free_port();
    auto shop = nginx(port, version);
    HubConfig config;
    config.environment["SSL_CERT_FILE"] = folder / "ca.pem";
    config.add("shop", connector(port));
    auto& hub = run(config);
    const auto session = hub.session();
    constexpr int kRequests = 40;
    for (int i = 0; i < kRequests; ++i) {
      const auto context = hub.context(session, R"(, "sections": ["shop.*"], "deadline_ms": 10000)");
      ASSERT_EQ(status_of(context, "shop.one"), "ok") << context.dump();
    }
    const auto seen = [&] { return read_text(folder / ("seen-" + version + ".log")); };
    ASSERT_TRUE(eventually([&] { return std::ranges::count(seen(), '\n') == kRequests; })) << seen();
    std::size_t resumed = 0;
    const auto text = seen();
    for (auto at = text.find(version + " r"); at != std::string::npos; at = text.find(version + " r", at + 1))
      ++resumed;
    EXPECT_GE(resumed, kRequests - 2U) << text; // the first of each of the hub's two threads is a full handshake
  }
}

TEST_F(UpstreamTlsTest, AsksNobodyWhomItsAuthoritiesDoNotVouchFor) {
  const int port = free_port();
  auto shop = nginx(port, "TLSv1.3");
  HubConfig config;
  config.environment["SSL_CERT_FILE"] = folder.write("other.pem", http::pem(http::make_authority()));
  config.add("shop", connector(port));
  auto& hub = run(config);
  const auto context = hub.context(hub.session(), R"(, "sections": ["shop.*"], "deadline_ms": 10000)");
  EXPECT_EQ(status_of(context, "shop.one"), "error");
  EXPECT_EQ(reason_of(context, "shop.one"), "unreachable");
  EXPECT_EQ(read_text(folder / "seen-TLSv1.3.log"), "");
}

} // namespace
} // namespace plugboard::test
