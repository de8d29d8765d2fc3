// What comes to a port under TLS and is none, or not to the end.
#include "tests/unit/http/tls_serving.hpp"

#include <sstream>

namespace plugboard::http {
namespace {

class ServerTlsHostileTest : public TlsServingTest {
 protected:
  // A ClientHello as OpenSSL makes it, taken from a socket that listens in vain.
  static std::string client_hello() {
    std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
    std::shared_ptr<SSL> ssl(SSL_new(context.get()), SSL_free);
    auto* in = BIO_new(BIO_s_mem());
    auto* out = BIO_new(BIO_s_mem());
    SSL_set_bio(ssl.get(), in, out);
    SSL_connect(ssl.get());
    char* bytes = nullptr;
    const auto size = BIO_get_mem_data(out, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
  }

  bool still_serves() {
    TlsClient client(serving.port(), {});
    client.send(get("/alive"));
    const auto answer = client.response();
    return answer && answer->body == "/alive|";
  }

  std::string logged() {
    return serving.thread.run([this] { return log.str(); });
  }

  ServerTls tls{identity(material())};
  std::ostringstream log;
  Serving serving{echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls, stream_log(log, Level::debug, clock)};
};

TEST_F(ServerTlsHostileTest, AnswersClearTextInClearText) {
  RawClient client(serving.port());
  client.send(get("/", "Authorization: Bearer something\r\n"));
  const auto answer = client.response();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 400);
  EXPECT_THAT(answer->body, testing::HasSubstr("https://"));
  EXPECT_TRUE(client.ended());
  EXPECT_EQ(handshakes(serving, "failed"), 1);
  EXPECT_THAT(logged(), testing::HasSubstr("http.handshake_failed"));
  EXPECT_THAT(logged(), testing::HasSubstr("http request"));
  EXPECT_TRUE(echo.targets().empty());
  EXPECT_TRUE(still_serves());
}

TEST_F(ServerTlsHostileTest, EndsGarbageAtOnce) {
  for (const std::string& bytes :
       {std::string("\x16\x03\x01\xff\xff" + std::string(20'000, 'x')), std::string(100'000, '\0'),
        std::string("SSH-2.0-OpenSSH_9.2\r\n"),
        std::string("\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10", 11) + std::string(100, 'x'),
        std::string("\x15\x03\x03\x00\x02\x02\x28", 7), // nothing but an alert
        std::string("\x17\x03\x03\x00\x01x", 6)}) {     // data before the handshake
    RawClient client(serving.port());
    client.send(bytes);
    client.no_more_writes();
    EXPECT_TRUE(client.ends());
  }
  EXPECT_EQ(handshakes(serving, "failed"), 6);
  EXPECT_EQ(handshakes(serving, "full"), 0);
  EXPECT_TRUE(still_serves());
}

TEST_F(ServerTlsHostileTest, RefusesAHugeClientHello) {
  RawClient client(serving.port());
  std::string message("\x01\xff\xff\xff\x03\x03", 6); // 16 MB, it says
  for (int i = 0; i < 1024; ++i) {
    message.resize(16'384, 'x');
    client.send(std::string("\x16\x03\x01\x40\x00", 5) + message);
    message.clear();
  }
  client.no_more_writes();
  EXPECT_TRUE(client.ends());
  EXPECT_EQ(handshakes(serving, "failed"), 1);
  EXPECT_THAT(logged(), testing::HasSubstr("excessive message size"));
  EXPECT_TRUE(still_serves());
}

TEST_F(ServerTlsHostileTest, CutsAHandshakeThatTakesTooLong) {
  const auto hello = client_hello();
  RawClient silent(serving.port()), half(serving.port()), unfinished(serving.port());
  half.send(std::string_view(hello).substr(0, hello.size() / 2));
  unfinished.send(hello);
  while (serving.connections() < 3) std::this_thread::yield();
  serving.clock.advance(std::chrono::milliseconds(9'000));
  half.send(std::string_view(hello).substr(hello.size() / 2, 1)); // a byte now and then buys no time
  serving.clock.advance(std::chrono::milliseconds(1'100));
  EXPECT_TRUE(silent.ended());
  EXPECT_TRUE(half.ended());
  EXPECT_TRUE(unfinished.ends()); // the server has said something
  EXPECT_EQ(handshakes(serving, "timeout"), 3);
  EXPECT_THAT(logged(), testing::HasSubstr("it took too long"));
  EXPECT_TRUE(still_serves());
}

TEST_F(ServerTlsHostileTest, CountsAClientThatGoesAwayInTheMiddle) {
  {
    RawClient client(serving.port());
    client.send(std::string_view(client_hello()).substr(0, 100));
  }
  while (handshakes(serving, "failed") < 1) std::this_thread::yield();
  EXPECT_THAT(logged(), testing::HasSubstr("unexpected eof while reading"));
  EXPECT_TRUE(still_serves());
}

TEST_F(ServerTlsHostileTest, ClosesOnBytesThatWereTamperedWith) {
  TlsClient client(serving.port(), {});
  client.send(get("/"));
  ASSERT_TRUE(client.response());
  client.raw(std::string("\x17\x03\x03\x00\x40", 5) + std::string(64, 'x'));
  EXPECT_FALSE(client.response());
  EXPECT_THAT(client.complaint(), testing::HasSubstr("bad record mac"));
  EXPECT_THAT(logged(), testing::HasSubstr("http.connection_failed"));
  EXPECT_TRUE(still_serves());
}

TEST_F(ServerTlsHostileTest, LetsNobodyRenegotiate) {
  TlsClient client(serving.port(), {.max_version = TLS1_2_VERSION});
  client.renegotiate();
  EXPECT_FALSE(client.response());
  EXPECT_TRUE(still_serves());
}

TEST(PlainServerTest, RefusesATlsClientCleanly) {
  Echo echo;
  Serving serving(echo.handler());
  TlsClient client(serving.port(), {});
  EXPECT_FALSE(client.greeted());
  EXPECT_EQ(client.complaint(), "wrong version number"); // what OpenSSL says to "HTTP/1.1 400"
  EXPECT_TRUE(echo.targets().empty());
}

} // namespace
} // namespace plugboard::http
