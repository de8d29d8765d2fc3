#include "tests/unit/http/asking.hpp"
#include "tests/unit/http/upstream.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include <unistd.h>

namespace plugboard::http {
namespace {

class ClientTlsTest : public testing::Test {
 protected:
  ClientTlsTest() {
    std::string name = testing::TempDir() + "plugboard-ca-XXXXXX";
    ::close(::mkstemp(name.data()));
    trust_.ca_file = name;
    std::ofstream(name) << pem(authority_);
  }

  ~ClientTlsTest() override { ::unlink(trust_.ca_file.c_str()); }

  std::string refused(const Certificate& certificate, const std::string& host = "localhost") {
    Upstream upstream([](Conversation& conversation) { EXPECT_FALSE(conversation.request()) << "something was sent"; },
                      &certificate);
    Asking hub({}, trust_);
    const auto answer = hub.get("https://" + host + ":" + std::to_string(upstream.port()) + "/");
    EXPECT_EQ(code_of(answer), Code::unreachable);
    return answer ? "" : answer.error().message;
  }

  const Certificate authority_ = make_authority();
  TlsTrust trust_;
};

Upstream::Script answering() {
  return [](Conversation& conversation) {
    while (auto request = conversation.request()) conversation.answer(conversation.resumed() ? "resumed" : "full");
  };
}

TEST_F(ClientTlsTest, AsksAnUpstreamWhoseCertificateHolds) {
  const auto certificate = make_certificate("DNS:localhost,IP:127.0.0.1", &authority_);
  Upstream upstream(answering(), &certificate);
  Asking hub({}, trust_);
  for (int i = 0; i < 5; ++i) {
    const auto answer = hub.get(upstream.url());
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, "full");
  }
  EXPECT_EQ(upstream.connections(), 1) << "session tickets do not end an idle connection";
  EXPECT_TRUE(hub.get("https://127.0.0.1:" + std::to_string(upstream.port()) + "/")) << "by address";
  hub.close();
}

TEST_F(ClientTlsTest, RefusesAnotherHostsCertificate) {
  const auto certificate = make_certificate("DNS:shop.example", &authority_);
  EXPECT_NE(refused(certificate).find("hostname mismatch"), std::string::npos);
  EXPECT_NE(refused(certificate, "127.0.0.1").find("IP address mismatch"), std::string::npos);
}

TEST_F(ClientTlsTest, RefusesACertificateThatSignsItself) {
  const auto certificate = make_certificate("DNS:localhost", nullptr);
  EXPECT_NE(refused(certificate).find("self-signed"), std::string::npos);
}

TEST_F(ClientTlsTest, RefusesAnAuthorityThatIsNotTrusted) {
  const auto other = make_authority();
  const auto certificate = make_certificate("DNS:localhost", &other);
  EXPECT_NE(refused(certificate).find("certificate is refused"), std::string::npos);
}

TEST_F(ClientTlsTest, RefusesACertificateThatHasExpired) {
  const auto certificate = make_certificate("DNS:localhost", &authority_, false);
  EXPECT_NE(refused(certificate).find("expired"), std::string::npos);
}

TEST_F(ClientTlsTest, SaysSoWhenTheUpstreamSpeaksNoTls) {
  Upstream upstream([](Conversation& conversation) {
    conversation.send("HTTP/1.1 400 Bad Request\r\n\r\n");
    conversation.hub_closed();
  });
  Asking hub({}, trust_);
  const auto answer = hub.get("https://127.0.0.1:" + std::to_string(upstream.port()) + "/");
  EXPECT_EQ(code_of(answer), Code::unreachable);
  EXPECT_NE(answer.error().message.find("TLS"), std::string::npos) << answer.error().message;
  hub.close();
}

TEST_F(ClientTlsTest, ResumesSessions) {
  const auto certificate = make_certificate("DNS:localhost", &authority_);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    Upstream upstream(
        [](Conversation& conversation) {
          conversation.request();
          conversation.answer(conversation.resumed() ? "resumed" : "full", "Connection: close\r\n");
          conversation.hub_closed();
        },
        &certificate, version);
    Asking hub({}, trust_);
    EXPECT_EQ(hub.get(upstream.url())->body, "full");
    for (int i = 0; i < 10; ++i) EXPECT_EQ(hub.get(upstream.url())->body, "resumed") << i;
  }
}

// More origins than it remembers, as reloads of the configuration may bring them.
TEST_F(ClientTlsTest, ForgetsTheSessionsOfOriginsThatAreNotAskedAnyMore) {
  const auto certificate = make_certificate("DNS:localhost", &authority_);
  Upstream upstream(
      [](Conversation& conversation) {
        conversation.request();
        conversation.answer(conversation.resumed() ? "resumed" : "full", "Connection: close\r\n");
        conversation.hub_closed();
      },
      &certificate);
  Upstream silent([](Conversation& conversation) { conversation.hub_closed(); });
  ClientLimits limits;
  limits.idle_time = std::chrono::milliseconds(20);
  Asking hub(limits, trust_);
  const auto ask_others = [&](int others) {
    for (int i = 0; i < others; ++i)
      hub.get("http://127.0.1." + std::to_string(i % 200) + ":" + std::to_string(1 + i / 200) + "/");
    auto call = Asking::call_to(silent.url());
    call.deadline = hub.in(std::chrono::milliseconds(200)); // by then it has looked what it may forget
    EXPECT_EQ(code_of(hub.get(call)), Code::timeout);
  };
  EXPECT_EQ(hub.get(upstream.url())->body, "full");
  ask_others(10);
  EXPECT_EQ(hub.get(upstream.url())->body, "resumed");
  ask_others(300);
  EXPECT_EQ(hub.get(upstream.url())->body, "full");
}

TEST_F(ClientTlsTest, SpeaksNothingOlderThanTls12) {
  const auto certificate = make_certificate("DNS:localhost", &authority_);
  Upstream upstream(answering(), &certificate, TLS1_1_VERSION);
  Asking hub({}, trust_);
  EXPECT_EQ(code_of(hub.get(upstream.url())), Code::unreachable);
}

TEST_F(ClientTlsTest, CarriesLargeBodiesBothWays) {
  const std::string large(3'000'000, 'x');
  const auto certificate = make_certificate("DNS:localhost", &authority_);
  Upstream upstream(
      [&](Conversation& conversation) {
        while (auto request = conversation.request())
          conversation.answer(request->substr(request->find("\r\n\r\n") + 4));
      },
      &certificate);
  Asking hub({}, trust_);
  for (int i = 0; i < 2; ++i) {
    auto call = Asking::call_to(upstream.url(), "POST");
    call.body = large;
    call.max_body_bytes = large.size();
    const auto answer = hub.get(call);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->body, large);
  }
  EXPECT_EQ(upstream.connections(), 1);
  hub.close();
}

TEST_F(ClientTlsTest, TakesNoTruncatedBodyForAWholeOne) {
  const auto certificate = make_certificate("DNS:localhost", &authority_);
  for (const bool cleanly : {true, false}) {
    Upstream upstream(
        [&](Conversation& conversation) {
          conversation.request();
          conversation.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall?");
          if (!cleanly) conversation.cut();
        },
        &certificate);
    Asking hub({}, trust_);
    const auto answer = hub.get(upstream.url());
    EXPECT_EQ(answer.has_value(), cleanly) << "an end that TLS does not confirm may be an attacker's";
    EXPECT_EQ(code_of(answer), cleanly ? Code{} : Code::malformed);
  }
}

TEST_F(ClientTlsTest, SharesAuthoritiesThatWereReadOnce) {
  const TlsTrust shared{.ca_file = "/no/such/file.pem", .authorities = read_authorities(trust_.ca_file).value()};
  const auto certificate = make_certificate("DNS:localhost,IP:127.0.0.1", &authority_);
  Upstream upstream(answering(), &certificate);
  for (int client = 0; client < 2; ++client) {
    Asking hub({}, shared);
    const auto answer = hub.get(upstream.url());
    EXPECT_TRUE(answer) << answer.error().message;
    hub.close();
  }
}

TEST_F(ClientTlsTest, AnAuthorityFileThatIsNoneFailsAtStart) {
  IoThread thread;
  const SystemClock clock;
  const auto log = no_log();
  try {
    Client::make(thread.io(), {}, {"/no/such/file.pem"}, clock, *log);
    FAIL() << "made a client that trusts nobody";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("/no/such/file.pem"), std::string::npos);
  }
}

} // namespace
} // namespace plugboard::http
