#include "tests/reliability/durability/faulted_hub.hpp"

#include "tests/support/sqlite.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

namespace plugboard::test {

using namespace std::chrono_literals;

namespace {

constexpr auto kWant = 2s; // how long a fault that stays does, when the hub waits for its end

} // namespace

FaultedHub::FaultedHub() : hub_(config()) {
  upstream_.on("/orders", UpstreamReply{.body = R"({"open": 3})"});
}

HubConfig FaultedHub::config() {
  auto config = durable_hub();
  run_sqlite(folder_ / "crm.db", "CREATE TABLE c (id TEXT, name TEXT); INSERT INTO c VALUES ('id-u-1', 'Ada')");
  config.add("crm", sqlite_connector(folder_ / "crm.db", R"({"who": {"shape": "record/v1", "needs": [["customer_id"]],
               "query": "SELECT name FROM c WHERE id = :customer_id"}})"));
  config.add("shop", rest_connector(upstream_.port(), "{\"orders\": " + rest_section("/orders") + "}"));
  for (const auto& [name, value] : failpoints_.environment()) config.environment[name] = value;
  return config;
}

void FaultedHub::start() {
  failpoints_.disarm();
  if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.process().err());
  session_ = new_session();
  if (session_.empty()) throw std::runtime_error("no session: " + hub_.process().err());
  for (int i = 0; i < 50; ++i) context(); // so that its connections, threads and caches are there
  reload();
  at_first_ = size();
}

bool FaultedHub::start_once() {
  // Where every allocation fails the hub may wait for memory; when there is some again it must go on.
  const std::jthread relief([this](const std::stop_token& over) {
    const auto end = std::chrono::steady_clock::now() + kWant;
    while (!over.stop_requested() && std::chrono::steady_clock::now() < end) pause_between_looks();
    if (!over.stop_requested()) failpoints_.disarm();
  });
  return hub_.start();
}

std::string FaultedHub::last_lines() {
  const auto log = hub_.process().err();
  return log.substr(log.size() - std::min<std::size_t>(log.size(), 3000));
}

std::string FaultedHub::new_session() {
  try {
    auto connection = Connection::tcp(hub_.port());
    return connection ? try_create(*connection, "u-1", ledger_).value_or("") : "";
  } catch (const std::exception&) {
    return {};
  }
}

void FaultedHub::prepare() {
  if (doomed_.empty()) doomed_ = new_session();
}

Heard FaultedHub::ask(std::optional<Connection> connection, const Ask& ask, int good, Answer& answer) {
  if (!connection) return {Said::closed, "not connected"};
  try {
    answer = connection->ask(ask, patience);
  } catch (const std::exception& none) {
    return {connection->ends(10ms) ? Said::closed : Said::nothing, none.what()};
  }
  if (answer.status == good) return {Said::done, answer.body};
  const auto truthful = answer.status >= 500 && (!answer.problem().empty() || answer.status == 500);
  return {truthful ? Said::refused : Said::nonsense, std::to_string(answer.status) + " " + answer.body};
}

Heard FaultedHub::ask(const Ask& asked, int good, Answer& answer) {
  return ask(Connection::tcp(hub_.port()), asked, good, answer);
}

Heard FaultedHub::create() {
  Answer answer;
  const auto heard = ask({.path = "/v1/sessions", .key = kDesk, .body = login_of("u-1")}, 201, answer);
  if (heard.said == Said::done)
    ledger_.created(answer.json().text("/session"), "u-1", answer.json().text("/customer/id"));
  return heard;
}

Heard FaultedHub::revoke() {
  prepare();
  if (doomed_.empty()) return {Said::refused, "no session to revoke"};
  Answer answer;
  ledger_.revoking(doomed_);
  const auto heard = ask({.path = "/v1/sessions/revoke", .key = kDesk, .body = with_session(doomed_)}, 204, answer);
  if (heard.said == Said::done) ledger_.revoked(doomed_);
  doomed_.clear();
  return heard;
}

Heard FaultedHub::introspect() {
  Answer answer;
  auto heard = ask({.path = "/v1/sessions/introspect", .key = kDesk, .body = with_session(session_)}, 200, answer);
  if (heard.said == Said::done && answer.body.find("\"customer\"") == std::string::npos)
    heard = {Said::nonsense, "a live session is said to be none"};
  return heard;
}

Heard FaultedHub::context() {
  Answer answer;
  auto heard =
      ask({.path = "/v1/context", .key = kDesk, .body = R"({"session": ")" + session_ + R"(", "deadline_ms": 400})"},
          200, answer);
  if (heard.said != Said::done) return heard;
  const auto json = answer.json();
  for (const auto& [name, value] : {std::pair("crm.who", "\"name\":\"Ada\""), std::pair("shop.orders", "\"open\":3")}) {
    const auto section = "/sections/" + std::string(name);
    if (json.text(section + "/status") != "ok") {
      const bool truthful = json.has(section + "/error/reason") && !json.truth("/complete");
      heard = {truthful ? Said::refused : Said::nonsense, answer.body};
    } else if (json.dump(section + "/data").find(value) == std::string::npos) {
      return {Said::nonsense, answer.body};
    }
  }
  return heard;
}

Heard FaultedHub::add_client() {
  const auto id = "c-" + std::to_string(++clients_);
  Answer answer;
  const auto heard = ask(Connection::unix(hub_.admin_socket()),
                         {.path = "/admin/v1/clients",
                          .body = R"({"id": ")" + id + R"(", "sections": ["*"], "scopes": ["context:read"]})"},
                         201, answer);
  if (heard.said == Said::done) ledger_.added(id, answer.json().text("/key"));
  return heard;
}

std::size_t FaultedHub::logged(const std::string& event) {
  const auto log = hub_.process().err();
  std::size_t count = 0;
  for (auto at = log.find(event); at != std::string::npos; at = log.find(event, at + 1)) ++count;
  return count;
}

Heard FaultedHub::reload() {
  const auto failures = [&] { return logged("\"hub.reload_refused\"") + logged("\"hub.exception\""); };
  const auto reloaded = logged("\"hub.reloaded\""), refused = failures();
  hub_.process().send(SIGHUP);
  bool is_done = false;
  const bool heard = eventually(
      [&] {
        is_done = logged("\"hub.reloaded\"") > reloaded;
        return is_done || failures() > refused;
      },
      patience);
  if (is_done) return {Said::done, {}};
  return {heard ? Said::refused : Said::nothing, "no reload"};
}

bool FaultedHub::is_stopped() {
  Answer answer;
  return ask({.method = "GET", .path = "/readyz", .body = {}}, 503, answer).said == Said::done;
}

FaultedHub::Size FaultedHub::size() {
  Size size;
  const auto process = "/proc/" + std::to_string(hub_.process().pid());
  for ([[maybe_unused]] const auto& fd : std::filesystem::directory_iterator(process + "/fd")) ++size.descriptors;
  std::ifstream status(process + "/status");
  for (std::string word; status >> word;)
    if (word == "VmRSS:") status >> size.kilobytes;
  return size;
}

} // namespace plugboard::test
