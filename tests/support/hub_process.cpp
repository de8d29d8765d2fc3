#include "tests/support/hub_process.hpp"

#include "tests/support/jwt.hpp"

#include <csignal>
#include <sstream>
#include <stdexcept>

namespace plugboard::test {

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool is_event(const std::string& line) {
  if (!Json::is_json(line)) return false;
  auto json = Json::parse(line);
  return json.has("/time") && json.has("/level") && json.has("/event");
}

} // namespace

std::string claims_of(const Customer& customer) {
  auto now = unix_now();
  std::string claims = R"({"iss": "chat.shop.example", "aud": "support", "sub": )" + json_string(customer.subject) +
                       R"(, "iat": )" + std::to_string(now) + R"(, "exp": )" + std::to_string(now + customer.lifetime);
  if (!customer.email.empty())
    claims += R"(, "email": )" + json_string(customer.email) + R"(, "email_verified": )" +
              (customer.email_verified ? "true" : "false");
  if (!customer.customer_id.empty()) claims += R"(, "customer": )" + json_string(customer.customer_id);
  if (!customer.acr.empty()) claims += R"(, "acr": )" + json_string(customer.acr);
  return claims + "}";
}

std::string token_of(const Customer& customer) {
  return hs256(R"({"alg":"HS256","typ":"JWT"})", claims_of(customer), kChatKey);
}

HubProcess::HubProcess(HubConfig config)
    : config_(std::move(config)), secrets_{kDesk, kBot, kLobby, kChatKey, kViewer, kOperator, kAdmin, kElsewhere} {
  folder_.write("keys/k1", "the hub's own key in this test: 32 bytes and more\n");
  secrets_.emplace_back("the hub's own key in this test");
}

HubProcess::~HubProcess() {
  if (artifacts_folder().empty()) return;
  Artifacts artifacts{raw_log(), last_metrics_, data_dir(), config_.text(), secrets_};
  for (const auto& [name, value] : config_.environment) artifacts.credentials.push_back(value);
  leave_artifacts(artifacts, canaries_of(exchanges_, artifacts));
}

bool HubProcess::start() {
  folder_.write("plugboard.json", config_.text());
  if (process_) earlier_log_ += process_->err();
  process_ = std::make_unique<Process>(std::vector<std::string>{process_command(), "--config", config_file()},
                                       config_.environment);
  auto ready = [this] {
    for (const auto& line : lines_of(process_->err()))
      if (line.find("\"hub.ready\"") != std::string::npos && is_event(line)) {
        auto event = Json::parse(line);
        auto agents = event.text("/agents");
        port_ = std::stoi(agents.substr(agents.rfind(':') + 1));
        admin_port_ = static_cast<int>(event.integer("/admin_port"));
        metrics_port_ = static_cast<int>(event.integer("/metrics_port"));
        return true;
      }
    return false;
  };
  bool is_ready = false;
  if (!eventually([&] { return (is_ready = ready()) || process_->ended(); }))
    throw std::runtime_error("the hub is neither ready nor gone: " + raw_log());
  return is_ready;
}

std::string HubProcess::process_command() {
  return PLUGBOARD_DAEMON;
}

int HubProcess::stop() {
  if (!artifacts_folder().empty() && runs()) last_metrics_ = admin("/metrics").body;
  process_->send(SIGTERM);
  auto code = process_->wait();
  if (!code) throw std::runtime_error("the hub does not stop: " + raw_log());
  return *code;
}

void HubProcess::kill() {
  process_->send(SIGKILL);
  process_->wait();
}

bool HubProcess::reload(HubConfig config) {
  auto reloaded = events("hub.reloaded").size(), refused = events("hub.reload_refused").size();
  folder_.write("plugboard.json", config.text());
  process_->send(SIGHUP);
  if (!eventually(
          [&] { return events("hub.reloaded").size() > reloaded || events("hub.reload_refused").size() > refused; }))
    throw std::runtime_error("the hub says nothing about a reload: " + raw_log());
  if (events("hub.reloaded").size() == reloaded) return false;
  config_ = std::move(config);
  return true;
}

Answer HubProcess::ask(const Ask& ask) {
  auto connection = Connection::tcp(port_);
  if (!connection) throw std::runtime_error("the hub takes no connection: " + raw_log());
  auto answer = connection->ask(ask);
  exchanges_.push_back({ask, answer});
  return answer;
}

Answer HubProcess::post(const std::string& path, const std::string& body, const std::string& key) {
  return ask({.method = "POST", .path = path, .key = key, .body = body});
}

Answer HubProcess::get(const std::string& path, const std::string& key) {
  return ask({.method = "GET", .path = path, .key = key, .body = {}});
}

Answer HubProcess::admin(const std::string& path) {
  return admin({.method = "GET", .path = path, .key = {}, .body = {}});
}

Answer HubProcess::admin_post(const std::string& path, const std::string& body) {
  return admin({.method = "POST", .path = path, .key = {}, .body = body});
}

Answer HubProcess::admin(const Ask& ask) {
  auto connection = Connection::unix(admin_socket());
  if (!connection) throw std::runtime_error("no admin socket: " + raw_log());
  return connection->ask(ask);
}

Answer HubProcess::admin_tcp(const Ask& ask) {
  auto connection = Connection::tcp(admin_port_);
  if (!connection) throw std::runtime_error("no listener for admins: " + raw_log());
  return connection->ask(ask);
}

std::string HubProcess::session(const Customer& customer, const std::string& key) {
  auto token = token_of(customer);
  keep_secret(token);
  if (!customer.email.empty()) keep_secret(customer.email);
  auto answer = post("/v1/sessions", R"({"connector": "login", "credential": {"token": ")" + token + "\"}}", key);
  if (answer.status != 201) throw std::runtime_error("no session: " + answer.body + "\n" + raw_log());
  keep_secret(answer.json().text("/session"));
  return answer.json().text("/session");
}

Json HubProcess::context(const std::string& session, const std::string& more, const std::string& key) {
  auto answer = post("/v1/context", R"({"session": ")" + session + "\"" + more + "}", key);
  if (answer.status != 200) throw std::runtime_error("no context: " + answer.body + "\n" + raw_log());
  return answer.json();
}

std::string HubProcess::raw_log() const {
  return earlier_log_ + (process_ ? process_->err() : "");
}

std::vector<Json> HubProcess::events(const std::string& name) const {
  std::vector<Json> found;
  for (const auto& line : lines_of(raw_log()))
    if (line.find("\"" + name + "\"") != std::string::npos && is_event(line) &&
        Json::parse(line).text("/event") == name)
      found.push_back(Json::parse(line));
  return found;
}

std::string HubProcess::log_faults() const {
  std::string faults;
  for (const auto& line : lines_of(raw_log()))
    if (!is_event(line)) faults += "no event: " + line + "\n";
  for (const auto& secret : secrets_)
    if (raw_log().find(secret) != std::string::npos) faults += "the log holds \"" + secret + "\"\n";
  return faults;
}

} // namespace plugboard::test
