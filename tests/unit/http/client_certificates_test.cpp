// Who gets in by a certificate of its own, and what the handler learns of it.
#include "tests/unit/http/tls_serving.hpp"

#include <array>

namespace plugboard::http {
namespace {

class ClientCertificatesTest : public TlsServingTest {
 protected:
  // Answers with the names that it was shown.
  static Handler naming() {
    return [](const Request& request, Responder responder) {
      std::string body = "nobody";
      if (const auto& certificate = request.peer->certificate) {
        body = certificate->subject;
        for (const auto& name : certificate->dns) body += "|" + name;
        for (const auto& uri : certificate->uris) body += "|" + uri;
      }
      responder.send({200, "text/plain", {}, body});
    };
  }

  // What it is told; or "refused: REASON".
  static std::string asked(std::uint16_t port, const TlsOffer& offer) {
    TlsClient client(port, offer);
    client.send(get("/"));
    const auto answer = client.response(); // in TLS 1.3 a refusal comes only now
    return answer ? answer->body : "refused: " + client.complaint();
  }
};

TEST_F(ClientCertificatesTest, LetsInByTheMatrix) {
  const auto root = authority;
  const auto middle = certificate_for({.common_name = "Middle", .is_authority = true}, &root);
  const auto other_authority = certificate_for({.common_name = "Other", .is_authority = true}, nullptr);
  const auto good = certificate_for({.common_name = "desk", .extended_usage = "clientAuth"}, &root);
  const auto self_signed = certificate_for({.common_name = "desk"}, nullptr);
  const auto stranger = certificate_for({.common_name = "desk"}, &other_authority);
  const auto impostor_root = make_authority(); // the same name, another key
  const auto impostor = certificate_for({.common_name = "desk"}, &impostor_root);
  const auto expired = certificate_for({.common_name = "desk", .to_days = -1}, &root);
  const auto not_yet = certificate_for({.common_name = "desk", .from_days = 1}, &root);
  const auto wrong_usage = certificate_for({.common_name = "desk", .extended_usage = "serverAuth"}, &root);
  const auto below_middle = certificate_for({.common_name = "desk"}, &middle);
  const std::tuple<std::string, const Certificate*, std::vector<Certificate>, bool> shown[] = {
      {"right", &good, {}, true},
      {"below an intermediate", &below_middle, {middle}, true},
      {"intermediate missing", &below_middle, {}, false},
      {"self-signed", &self_signed, {}, false},
      {"another authority's", &stranger, {}, false},
      {"another authority's, which comes along", &stranger, {other_authority}, false},
      {"an authority's that only has the name", &impostor, {}, false},
      {"expired", &expired, {}, false},
      {"not yet valid", &not_yet, {}, false},
      {"wrong extended key usage", &wrong_usage, {}, false}};
  for (const auto whom : {ClientCertificates::optional, ClientCertificates::required}) {
    ServerTls tls(identity(asking(whom)));
    Serving serving(naming(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
    const auto port = serving.port();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
      for (const auto& [what, certificate, chain, welcome] : shown) {
        const auto said = asked(port, {.max_version = version, .certificate = certificate, .chain = chain});
        EXPECT_EQ(said == "CN=desk", welcome) << what << ": " << said;
        EXPECT_EQ(said.starts_with("refused: "), !welcome) << what << ": " << said;
      }
      const auto none = asked(port, {.max_version = version});
      EXPECT_EQ(none == "nobody", whom == ClientCertificates::optional) << none;
    }
  }
}

TEST_F(ClientCertificatesTest, AsksForNoneUnlessItIsTold) {
  ServerTls tls(identity(material()));
  Serving serving(naming(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  const auto good = certificate_for({.common_name = "desk"}, &authority);
  EXPECT_EQ(asked(serving.port(), {.certificate = &good}), "nobody");
}

TEST_F(ClientCertificatesTest, NamesNobodyByATrick) {
  ServerTls tls(identity(asking(ClientCertificates::required)));
  Serving serving(naming(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  const auto several = certificate_for({.common_name = "desk",
                                        .organisation = "Shop Åre",
                                        .names = "DNS:Desk.Shop.Example,URI:spiffe://shop.example/Desk,IP:127.0.0.1"},
                                       &authority);
  EXPECT_EQ(asked(serving.port(), {.certificate = &several}),
            "CN=desk,O=Shop Åre|desk.shop.example|spiffe://shop.example/Desk");
  const auto tricky = certificate_for({.common_name = "desk,O=Shop"}, &authority);
  EXPECT_EQ(asked(serving.port(), {.certificate = &tricky}), "CN=desk\\,O=Shop");
  const auto lines = certificate_for({.common_name = "desk\nO=Shop"}, &authority);
  EXPECT_EQ(asked(serving.port(), {.certificate = &lines}), "CN=desk\\0AO=Shop");
}

TEST_F(ClientCertificatesTest, RemembersTheCertificateOfAResumedSession) {
  auto asks = asking(ClientCertificates::required);
  ServerTls tls(identity(asks));
  Serving serving(naming(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  const auto good = certificate_for({.common_name = "desk"}, &authority);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsClient first(serving.port(), {.max_version = version, .certificate = &good});
    first.send(get("/"));
    ASSERT_EQ(first.response()->body, "CN=desk");
    TlsOffer again{.max_version = version, .session = first.session()};
    TlsClient second(serving.port(), again);
    second.send(get("/"));
    ASSERT_EQ(second.response()->body, "CN=desk");
    EXPECT_TRUE(second.resumed());
  }
}

TEST_F(ClientCertificatesTest, ResumesNothingThatAnotherAuthorityVouchedFor) {
  auto asks = asking(ClientCertificates::optional);
  ServerTls tls(identity(asks));
  Serving serving(naming(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  const auto good = certificate_for({.common_name = "desk"}, &authority);
  const auto other = certificate_for({.common_name = "Other", .is_authority = true}, nullptr);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    tls.renew(identity(asks));
    TlsClient first(serving.port(), {.max_version = version, .certificate = &good});
    first.send(get("/"));
    ASSERT_EQ(first.response()->body, "CN=desk");
    auto changed = asking(ClientCertificates::optional);
    changed.client_ca = pem(other);
    ASSERT_TRUE(tls.renew(identity(changed)));
    EXPECT_EQ(asked(serving.port(), {.max_version = version, .session = first.session()}), "nobody");
  }
}

// A connection outlives a renewal; the trust that it was greeted with does not.
TEST_F(ClientCertificatesTest, JudgesConnectionsAnewWhenOthersAreLetIn) {
  const auto other = certificate_for({.common_name = "Other", .is_authority = true}, nullptr);
  const auto middle = certificate_for({.common_name = "Middle", .is_authority = true}, &authority);
  const auto desk = certificate_for({.common_name = "desk"}, &authority);
  const auto below_middle = certificate_for({.common_name = "desk"}, &middle);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    auto asks = asking(ClientCertificates::optional);
    ServerTls tls(identity(asks));
    Serving serving(naming(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
    TlsClient shown(serving.port(), {.max_version = version, .certificate = &desk});
    TlsClient chained(serving.port(), {.max_version = version, .certificate = &below_middle, .chain = {middle}});
    TlsClient nobody(serving.port(), {.max_version = version});
    const auto status = [](TlsClient& client) {
      client.send(get("/"));
      const auto answer = client.response();
      return answer ? answer->status : 0;
    };
    const auto all = [&] { return std::array{status(shown), status(chained), status(nobody)}; };
    EXPECT_EQ(all(), (std::array{200, 200, 200}));
    asks.client_ca += pem(other);
    ASSERT_TRUE(tls.renew(identity(asks)));
    EXPECT_EQ(all(), (std::array{200, 200, 200})) << "one more authority";
    asks.client_certificates = ClientCertificates::required;
    ASSERT_TRUE(tls.renew(identity(asks)));
    EXPECT_EQ(all(), (std::array{200, 200, 401})) << "required";
    asks.client_ca = pem(other);
    ASSERT_TRUE(tls.renew(identity(asks)));
    EXPECT_EQ(all(), (std::array{401, 401, 0})) << "their authority is gone";
    EXPECT_EQ(shown.end(), TlsClient::End::farewell);
  }
}

TEST_F(ClientCertificatesTest, ACertificateDoesNotCountWhereNobodyIsAskedAnyMore) {
  ServerTls tls(identity(asking(ClientCertificates::optional)));
  Serving serving(naming(), {}, TcpEndpoint{"127.0.0.1", 0}, &tls);
  const auto desk = certificate_for({.common_name = "desk"}, &authority);
  TlsClient client(serving.port(), {.certificate = &desk});
  client.send(get("/"));
  ASSERT_EQ(client.response()->body, "CN=desk");
  ASSERT_TRUE(tls.renew(identity(material())));
  client.send(get("/"));
  EXPECT_EQ(client.response()->status, 401);
}

} // namespace
} // namespace plugboard::http
