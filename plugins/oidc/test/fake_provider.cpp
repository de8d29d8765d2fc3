#include "plugins/oidc/test/fake_provider.hpp"

#include "plugins/jwt/strict_json.hpp"

#include <stdexcept>

namespace oidc::test {

using plugboard::testkit::Answer;
using plugboard::testkit::Scripted;
using plugboard::testkit::Sent;

const jwt::test::SigningKey& key_a() {
  static const auto kKey = jwt::test::SigningKey::p256();
  return kKey;
}

const jwt::test::SigningKey& key_b() {
  static const auto kKey = jwt::test::SigningKey::p256();
  return kKey;
}

FakeProvider::FakeProvider(plugboard::testkit::FakeHost& host)
    : jwks(jwt::test::jwks({key_a().jwk(R"("kid":"a","alg":"ES256")")})) {
  host.http().serve([this](const Sent& sent) { return answer(sent); });
}

Scripted FakeProvider::answer(const Sent& sent) {
  const std::string path = sent.url.substr(std::string(kIssuer).size());
  ++asked[path];
  if (const auto page = pages.find(path); page != pages.end()) return page->second;
  const std::string at = std::string("\"") + kIssuer;
  if (path == "/.well-known/openid-configuration")
    return {.body = R"({"issuer":)" + at + R"(","authorization_endpoint":)" + at + R"(/auth","token_endpoint":)" + at +
                    R"(/token","jwks_uri":)" + at + R"(/jwks")" + metadata_more + "}"};
  if (path == "/jwks") return {.body = jwks};
  if (path == "/token") {
    last_token_request = sent.body;
    last_authorization.clear();
    for (const auto& header : sent.headers)
      if (header.name == "authorization") last_authorization = header.value;
    return {.status = token_status, .body = token_answer};
  }
  return {.status = 404};
}

Claims FakeProvider::id_claims() const {
  return {{"iss", std::string("\"") + kIssuer + "\""},
          {"sub", "\"cust-7\""},
          {"aud", "\"hub\""},
          {"exp", std::to_string(kNow + 600)},
          {"iat", std::to_string(kNow)}};
}

Claims FakeProvider::logout_claims() const {
  return {{"iss", std::string("\"") + kIssuer + "\""},
          {"sub", "\"cust-7\""},
          {"sid", "\"session-1\""},
          {"aud", "\"hub\""},
          {"exp", std::to_string(kNow + 120)},
          {"iat", std::to_string(kNow)},
          {"jti", "\"logout-1\""},
          {"events", R"({"http://schemas.openid.net/event/backchannel-logout":{}})"}};
}

std::string FakeProvider::sign(const Claims& claims, std::string_view typ, std::string_view kid) const {
  std::string header = R"({"alg":"ES256","kid":")" + std::string(kid) + "\"";
  if (!typ.empty()) header += R"(,"typ":")" + std::string(typ) + "\"";
  std::string payload = "{";
  for (const auto& [name, value] : claims)
    if (!value.empty()) payload += (payload.size() > 1 ? ",\"" : "\"") + name + "\":" + value;
  return (kid == "b" ? key_b() : key_a()).token("ES256", header + "}", payload + "}");
}

World& world() {
  static World now;
  return now;
}

UnderTest::UnderTest(plugboard::Host host, std::string_view config)
    : Connector(host, config,
                {[] { return world().now; }, [] { return world().uptime; },
                 [](std::size_t size) { return std::string(size, static_cast<char>(++world().next_random)); }}) {}

std::string config(const std::string& more) {
  return std::string(R"({"issuer":")") + kIssuer + R"(","client_id":"hub","client_secret":{"secret":"s"},)" +
         R"("redirect_uris":[")" + kBack + R"("],"identifiers":{"email":{"claim":"email","verified_claim":)" +
         R"("email_verified"}},"assurance":{"acr":{"gold":"aal2"}})" + more + "}";
}

std::string parameter(const std::string& url, const std::string& name) {
  const auto query = "&" + url.substr(url.find('?') + 1) + "&";
  const auto at = query.find("&" + name + "=");
  if (at == query.npos) return {};
  const auto from = at + name.size() + 2;
  const std::string raw = query.substr(from, query.find('&', from) - from);
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '%') {
      out += static_cast<char>(std::stoi(raw.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else {
      out += raw[i];
    }
  }
  return out;
}

std::string url_of(const Answer& challenge) {
  jwt::Document document;
  if (jwt::read_json_object(challenge.data, document)) throw std::runtime_error("no challenge: " + challenge.message);
  return std::string(jwt::text_member(*jwt::member(document, "challenge"), "url").value());
}

Setting::Setting(const std::string& more_config) {
  world() = World{};
  host.secret("s", "p%ss:word");
  running = std::make_unique<plugboard::testkit::Running>(host, plugboard::testkit::connector<UnderTest>(),
                                                          config(more_config));
}

Answer Setting::begin(const std::string& credential) {
  return running->authenticate({.credential = credential}).wait();
}

Answer Setting::come_back(const std::string& query, const std::string& state) {
  return running->authenticate({.credential = "{\"callback\":" + plugboard::json_string(query) + "}", .state = state})
      .wait();
}

Answer Setting::log_in(const Claims& changed, const std::string& credential) {
  const auto challenge = begin(credential);
  const std::string url = url_of(challenge);
  auto claims = provider.id_claims();
  claims["nonce"] = "\"" + parameter(url, "nonce") + "\"";
  for (const auto& [name, value] : changed) claims[name] = value;
  if (provider.token_answer.empty() || provider.token_answer.starts_with(R"({"id_token":)"))
    provider.token_answer =
        R"({"id_token":")" + provider.sign(claims, typ, kid) + R"(","access_token":"at-1","token_type":"Bearer"})";
  return come_back("?code=c-1&state=" + parameter(url, "state"), state_of(challenge));
}

} // namespace oidc::test
