#include "tests/unit/http/tls_serving.hpp"

#include <atomic>
#include <thread>

namespace plugboard::http {
namespace {

class ServerTlsTest : public TlsServingTest {
 protected:
  ServerTls tls{identity(material())};
};

TEST_F(ServerTlsTest, AnswersManyRequestsOnOneConnection) {
  Serving serving(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient client(serving.port(), {.min_version = version, .max_version = version});
    ASSERT_TRUE(client.greeted()) << client.complaint();
    for (int i = 0; i < 3; ++i) {
      const auto body = std::string(60'000, static_cast<char>('a' + i)); // more than one record each way
      client.send(post("/echo", body));
      const auto answer = client.response();
      ASSERT_TRUE(answer) << client.complaint();
      EXPECT_EQ(answer->body, "/echo|" + body);
    }
    client.send(get("/1") + get("/2") + get("/3"));
    for (const auto* expected : {"/1|", "/2|", "/3|"}) EXPECT_EQ(client.response()->body, expected);
    for (const char byte : get("/slowly")) client.send({&byte, 1});
    EXPECT_EQ(client.response()->body, "/slowly|");
  }
  EXPECT_EQ(handshakes(serving, "full"), 2);
  EXPECT_EQ(handshakes(serving, "failed"), 0);
}

TEST_F(ServerTlsTest, SpeaksTls12And13WithAeadSuitesOnly) {
  Serving serving(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  const std::tuple<int, std::string, bool> offers[] = {
      {TLS1_VERSION, "ALL:@SECLEVEL=0", false},
      {TLS1_1_VERSION, "ALL:@SECLEVEL=0", false},
      {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256", false}, // CBC
      {TLS1_2_VERSION, "ECDHE-ECDSA-AES256-SHA384", false},
      {TLS1_2_VERSION, "ECDHE-ECDSA-AES256-SHA", false},
      {TLS1_2_VERSION, "AES128-GCM-SHA256", false}, // RSA key exchange: no forward secrecy
      {TLS1_2_VERSION, "DHE-RSA-AES128-GCM-SHA256", false},
      {TLS1_2_VERSION, "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0", false},
      {TLS1_2_VERSION, "AECDH-AES128-SHA:@SECLEVEL=0", false}, // nobody proves anything
      {TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256", true},
      {TLS1_2_VERSION, "ECDHE-ECDSA-AES256-GCM-SHA384", true},
      {TLS1_2_VERSION, "ECDHE-ECDSA-CHACHA20-POLY1305", true},
      {TLS1_3_VERSION, "", true}};
  double refused = 0;
  for (const auto& [version, ciphers, welcome] : offers) {
    TlsClient client(serving.port(), {.min_version = version, .max_version = version, .ciphers = ciphers});
    EXPECT_EQ(client.greeted(), welcome) << version << " " << ciphers << ": " << client.complaint();
    refused += welcome ? 0 : 1;
  }
  EXPECT_EQ(handshakes(serving, "failed"), refused);
}

TEST_F(ServerTlsTest, AgreesOnHttp11OrRefuses) {
  Serving serving(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  TlsClient ours(serving.port(), {.protocols = "http/1.1"});
  EXPECT_TRUE(ours.greeted());
  EXPECT_EQ(ours.protocol(), "http/1.1");
  TlsClient silent(serving.port(), {});
  EXPECT_TRUE(silent.greeted());
  TlsClient other(serving.port(), {.protocols = "h2"});
  EXPECT_FALSE(other.greeted());
  EXPECT_EQ(other.complaint(), "tlsv1 alert no application protocol");
}

// A ticket that one server gave is good at every other of the port.
TEST_F(ServerTlsTest, ResumesSessionsAtEveryServer) {
  Serving one(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  Serving other(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsOffer offer{.min_version = version, .max_version = version};
    for (int i = 0; i < 6; ++i) {
      TlsClient client((i % 2 == 0 ? one : other).port(), offer);
      client.send(get("/"));
      ASSERT_TRUE(client.response()) << client.complaint();
      EXPECT_EQ(client.resumed(), i > 0) << version << " " << i;
      offer.session = client.session();
      client.say_farewell();
    }
  }
  EXPECT_EQ(handshakes(one, "full") + handshakes(other, "full"), 2);
  EXPECT_EQ(handshakes(one, "resumed") + handshakes(other, "resumed"), 10);
}

TEST_F(ServerTlsTest, GoesOnWithOldConnectionsWhenItIsRenewed) {
  Serving serving(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  TlsClient before(serving.port(), {});
  EXPECT_EQ(before.server_name(), "hub");
  before.send(get("/before"));
  ASSERT_TRUE(before.response());
  ASSERT_TRUE(tls.renew(identity(material("renewed"))));
  TlsClient after(serving.port(), {.session = before.session()});
  EXPECT_EQ(after.server_name(), "renewed");
  EXPECT_FALSE(after.resumed()) << "who resumes has not seen the new certificate";
  before.send(get("/still"));
  EXPECT_EQ(before.response()->body, "/still|");
}

TEST_F(ServerTlsTest, KeepsTicketsGoodWhenNothingIsNew) {
  const auto same = material();
  ServerTls renewed(identity(same));
  Serving serving(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &renewed);
  TlsClient before(serving.port(), {});
  before.send(get("/"));
  ASSERT_TRUE(before.response());
  EXPECT_FALSE(renewed.renew(identity(same)));
  TlsClient after(serving.port(), {.session = before.session()});
  EXPECT_TRUE(after.resumed());
}

TEST_F(ServerTlsTest, EndsWithAFarewell) {
  Serving serving(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  TlsClient closing(serving.port(), {});
  closing.send(get("/", "Connection: close\r\n"));
  EXPECT_TRUE(closing.response());
  EXPECT_EQ(closing.end(), TlsClient::End::farewell);
  TlsClient refused(serving.port(), {});
  refused.send("NONSENSE\r\n\r\n");
  EXPECT_EQ(refused.response()->status, 400);
  EXPECT_EQ(refused.end(), TlsClient::End::farewell);
  TlsClient idle(serving.port(), {});
  idle.send(get("/"));
  EXPECT_TRUE(idle.response());
  serving.connections(); // asked on the server's thread: by then it has come to wait for the next request
  serving.clock.advance(std::chrono::minutes(5));
  EXPECT_EQ(idle.end(), TlsClient::End::farewell);
}

TEST_F(ServerTlsTest, CutsAnAnswerWithoutAFarewell) {
  ServerLimits limits;
  const std::string large(32 << 20, 'x'); // more than any socket's buffers hold
  Serving serving(
      [&](const Request&, Responder responder) {
        responder.send({200, "text/plain", {}, large});
      },
      limits, TcpEndpoint{"127.0.0.1", 0}, &tls);
  TlsClient client(serving.port(), {});
  client.send(get("/"));
  while (serving.connections() == 0) std::this_thread::yield();
  // The server is stuck in the middle of its answer once it has looked again and again without getting further.
  for (int i = 0; i < 200 && serving.connections() > 0; ++i) {
    serving.clock.advance(std::chrono::seconds(1));
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  EXPECT_EQ(serving.connections(), 0U);
  EXPECT_FALSE(client.response()) << "it can't be whole";
  EXPECT_EQ(client.complaint(), "the connection ended"); // by a reset: what it does not read is kept nowhere
}

TEST_F(ServerTlsTest, TakesNoBodyThatWasCutForAWholeOne) {
  Serving serving(echo.handler(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  for (const bool politely : {true, false}) {
    TlsClient client(serving.port(), {});
    client.send("POST /half HTTP/1.1\r\nHost: hub.example\r\nContent-Length: 10\r\n\r\nhalf");
    if (politely) client.say_farewell();
    client.no_more_writes();
    EXPECT_FALSE(client.response());
  }
  EXPECT_TRUE(echo.targets().empty());
}

TEST_F(ServerTlsTest, AnswersAClientThatHasSaidFarewellInItsDirection) {
  std::promise<Responder> asked;
  Serving serving([&](const Request&, Responder responder) { asked.set_value(std::move(responder)); }, {},
                  TcpEndpoint{"127.0.0.1", 0}, &tls);
  TlsClient client(serving.port(), {});
  client.send(get("/"));
  auto responder = std::make_shared<Responder>(asked.get_future().get());
  client.say_farewell();
  client.no_more_writes();
  serving.thread.run([responder] { responder->send({200, "text/plain", {}, "late"}); });
  const auto answer = client.response();
  ASSERT_TRUE(answer) << client.complaint();
  EXPECT_EQ(answer->body, "late");
}

TEST_F(ServerTlsTest, TellsAHandlerThatItsClientWasCutOff) {
  std::promise<void> asked, gone;
  std::vector<Responder> held;
  Serving serving(
      [&](const Request&, Responder responder) {
        responder.on_gone([&] { gone.set_value(); });
        held.push_back(std::move(responder));
        asked.set_value();
      },
      {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  TlsClient client(serving.port(), {});
  client.send(get("/"));
  asked.get_future().wait();
  client.no_more_writes(); // without a farewell
  EXPECT_EQ(gone.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_FALSE(client.response());
  serving.thread.run([&] { held.clear(); });
}

// Handshakes and requests on three threads' servers while the identity changes under them.
TEST_F(ServerTlsTest, FailsNoRequestWhileItIsRenewed) {
  std::vector<std::unique_ptr<Serving>> servers;
  for (int i = 0; i < 2; ++i)
    servers.push_back(std::make_unique<Serving>(echo.handler(), ServerLimits{}, TcpEndpoint{"127.0.0.1", 0}, &tls));
  std::atomic<bool> stop = false;
  std::atomic<int> answered = 0, failed = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 3; ++i)
    clients.emplace_back([&, port = servers[static_cast<std::size_t>(i) % 2]->port()] {
      std::shared_ptr<ssl_session_st> session;
      while (!stop) {
        TlsClient client(port, {.session = session});
        for (int request = 0; request < 3; ++request) {
          client.send(get("/"));
          ++(client.response() ? answered : failed);
        }
        session = client.session();
        client.say_farewell();
      }
    });
  for (int i = 0; i < 20; ++i) {
    tls.renew(identity(material("number " + std::to_string(i))));
    const int before = answered;
    while (answered < before + 5 && failed == 0) std::this_thread::yield();
  }
  stop = true;
  for (auto& client : clients) client.join();
  EXPECT_EQ(failed, 0);
  EXPECT_GE(answered, 100);
}

} // namespace
} // namespace plugboard::http
