#include "tests/support/hub_config.hpp"

#include "tests/support/json.hpp"

#include <utility>

namespace plugboard::test {

HubConfig::HubConfig()
    : login(R"({"plugin": "jwt", "isolation": "in_process", "config": {
        "issuers": [{"issuer": "chat.shop.example", "audience": "support", "hs256": {"env": "CHAT_KEY"}}],
        "identifiers": {"email": {"claim": "email", "verified_claim": "email_verified"},
                        "customer_id": {"claim": "customer", "verified": true}},
        "assurance": {"acr": {"two-factor": "aal2"}}, "session_ends_with_token": true}})"),
      clients(R"([
        {"id": "desk", "channel": "chat", "key": {"env": "DESK_KEY"}, "sections": ["*"], "purpose": "support",
         "scopes": ["session:create", "session:read", "context:read", "context:explain"]},
        {"id": "bot", "channel": "chat", "key": {"env": "BOT_KEY"}, "sections": ["canary.*"],
         "scopes": ["session:create", "session:read", "context:read"]},
        {"id": "lobby", "key": {"env": "LOBBY_KEY"}, "sections": ["*"], "scopes": ["session:create"]}])"),
      plugins_dir(PLUGBOARD_PLUGINS_DIR), environment{{"DESK_KEY", kDesk},
                                                      {"BOT_KEY", kBot},
                                                      {"LOBBY_KEY", kLobby},
                                                      {"CHAT_KEY", kChatKey}} {}

HubConfig& HubConfig::add(std::string name, std::string connector) {
  connectors.emplace_back(std::move(name), std::move(connector));
  return *this;
}

HubConfig& HubConfig::with_admins(const std::string& further) {
  const std::pair<const char*, const char*> keys[] = {
      {"VIEWER_KEY", kViewer}, {"OPERATOR_KEY", kOperator}, {"ADMIN_KEY", kAdmin}, {"ELSEWHERE_KEY", kElsewhere}};
  for (const auto& [name, key] : keys) environment[name] = key;
  admin = R"(, "listen": "127.0.0.1:0", "keys": [
    {"id": "lookout", "key": {"env": "VIEWER_KEY"}, "role": "viewer"},
    {"id": "ops", "key": {"env": "OPERATOR_KEY"}, "role": "operator"},
    {"id": "boss", "key": {"env": "ADMIN_KEY"}, "role": "admin"},
    {"id": "far", "key": {"env": "ELSEWHERE_KEY"}, "role": "admin", "tenant": "elsewhere"})" +
          further + "]";
  return *this;
}

std::string HubConfig::text() const {
  // A machine that others load makes requests wait, too: only tests of overload are about that.
  const std::string patience =
      more.find("\"overload\"") == std::string::npos ? R"("overload": {"queue_ms": 5000},)" : "";
  std::string text = R"({
  // where agent tools ask
  "agents": {"listen": "127.0.0.1:0", "threads": )" +
                     std::to_string(threads) + agents +
                     R"(},
  "admin": {"socket": "admin.sock", "metrics": "127.0.0.1:0")" +
                     admin +
                     R"(},
  "data_dir": "var", "plugins_dir": )" +
                     json_string(plugins_dir) + R"(,
  "keys": {"current": "k1", "k1": {"file": "keys/k1"}},
  "purposes": ["support", "sales"],
  )" + patience + more +
                     R"(
  "clients": )" + clients +
                     ",\n  \"connectors\": {\n    \"login\": " + login;
  for (const auto& [name, connector] : connectors) text += ",\n    " + json_string(name) + ": " + connector;
  return text + "\n  }\n}\n";
}

std::string rest_connector(int port, std::string_view sections, std::string_view more) {
  const auto place = "127.0.0.1:" + std::to_string(port);
  return R"({"plugin": "rest", "isolation": "in_process", )" + std::string(more) +
         R"("config": {"base_url": "http://)" + place + R"(", "sections": )" + std::string(sections) +
         R"(}, "grants": {"egress": ["http:)" + place + R"("]}})";
}

std::string rest_section(std::string_view path, std::string_view more) {
  return R"({"shape": "record/v1", "needs": [["customer_id"]], )" + std::string(more) + R"("url": ")" +
         std::string(path) + R"(?customer={customer_id}", "mapping": "identity"})";
}

std::string sqlite_connector(std::string_view file, std::string_view sections, std::string_view more) {
  const auto folder = std::string(file.substr(0, file.rfind('/') + 1));
  return R"({"plugin": "sql", "isolation": "in_process", "config": {"database": {"sqlite": ")" + std::string(file) +
         R"("}, )" + std::string(more) + R"("sections": )" + std::string(sections) + R"(}, "grants": {"files": ["ro:)" +
         folder + R"("]}})";
}

} // namespace plugboard::test
