// H8: text from outside stays text in the log and in the metrics. Every field that a client, a customer's token, an
// upstream, a plugin or a connector's configuration can put hostile text into gets all of it, at log level trace; then
// the whole log is parsed: one event is one line of strict JSON, what was said stands there as it was sent, and nothing
// forged another event. Ten thousand random ids, paths, methods and names make no series of metrics.
#include "core/base/redacted.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/reliability/text/hostile.hpp"
#include "tests/reliability/text/log_page.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/jwt.hpp"
#include "tests/support/upstream.hpp"

#include <filesystem>
#include <stdexcept>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostMessage = 1024; // of what a plugin says: the rest is cut
constexpr std::size_t kMostSeries = 1000;

std::string fields(const std::string& session) {
  return R"({"session": ")" + session + R"(", "deadline_ms": 20000, )";
}

std::vector<std::string> short_texts() { // where the configuration takes no long ones
  auto texts = hostile_texts();
  std::erase_if(texts, [](const std::string& text) { return text.size() > 300; });
  return texts;
}

class Attack {
 public:
  explicit Attack(Showing& showing) : showing_(showing), hub_(configuration()) {
    hub_.folder().write("login.jwks", hostile_keys());
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
    session_ = hub_.session();
  }

  void by_clients();
  void by_tokens();
  void by_upstreams();
  void by_plugins();
  void by_configuration();
  void by_random_names(int count);
  void read_all();

 private:
  HubConfig configuration();
  static std::string hostile_keys();
  void send(const std::string& bytes);
  void said_by_plugins(const LogPage& page);
  void said_by_clients(const LogPage& page);
  void said_of_configuration(const LogPage& page);

  Showing& showing_;
  Upstream upstream_;
  TempFolder plugins_;
  HubProcess hub_;
  std::string session_;
  std::vector<std::string> said_, failed_, actors_, names_;
};

// rest and jwt as they are, and the plugin that repeats what it is told, under three names: each may say so much a
// second.
HubConfig Attack::configuration() {
  HubConfig config;
  for (const char* name : {"jwt", "rest"})
    fs::copy(config.plugins_dir + "/" + name, plugins_ / name, fs::copy_options::recursive);
  fs::create_directories(plugins_ / "repeats/1.0.0");
  fs::copy(BAD_PLUGINS_FOLDER "/repeats.so", plugins_ / "repeats/1.0.0/repeats.so");
  config.plugins_dir = plugins_.path();
  config.more = R"("log": {"level": "trace"},)";
  for (const char* name : {"says", "fails", "yields"})
    config.add(
        name,
        R"({"plugin": "repeats", "isolation": "in_process", "breaker": {"enabled": false}, "retry": {"attempts": 1}})");
  config.add("up", rest_connector(upstream_.port(), R"({"answer": )" + rest_section("/answer") + "}"));
  std::string issuers;
  for (const auto& text : short_texts())
    issuers += (issuers.empty() ? "" : ", ") + std::string(R"({"issuer": )") + json_string(text) +
               R"(, "audience": "support", "jwks": "login.jwks"})";
  config.add("tokens", R"({"plugin": "jwt", "isolation": "in_process", "config": {"issuers": [)" + issuers +
                           R"(]}, "grants": {"files": ["ro:login.jwks"]}})");
  return config;
}

std::string Attack::hostile_keys() { // all unusable, so that the plugin names each of them
  std::string keys;
  for (const auto& text : hostile_texts())
    keys +=
        (keys.empty() ? "" : ", ") + std::string(R"({"kty": "oct", "k": "AAAA", "kid": )") + json_string(text) + "}";
  return R"({"keys": [)" + keys + "]}";
}

void Attack::send(const std::string& bytes) {
  auto connection = Connection::tcp(hub_.port());
  if (!connection || !connection->send(bytes)) return;
  showing_.holds(connection->read().status >= 400, "taken: " + bytes.substr(0, 200));
  showing_.count("hostile fields");
}

void Attack::by_clients() {
  for (const auto& text : hostile_bytes()) {
    const std::string host = "Host: hub.test\r\n", end = "\r\n\r\n";
    send(text + " / HTTP/1.1\r\n" + host + "\r\n");
    send("GET /" + text + " HTTP/1.1\r\n" + host + "\r\n");
    send("GET /v1/sections?" + text + " HTTP/1.1\r\n" + host + "\r\n");
    send("GET / HTTP/1.1" + text + "\r\n" + host + "\r\n");
    send("GET / HTTP/1.1\r\nHost: " + text + end);
    send("GET / HTTP/1.1\r\n" + host + text + ": x" + end);
    send("GET / HTTP/1.1\r\n" + host + "X-Request-Id: " + text + end);
    send("GET /v1/sections HTTP/1.1\r\n" + host + "Authorization: Bearer " + text + end);
    hub_.post("/v1/context", text);
  }
  for (const auto& text : hostile_texts()) {
    const auto quoted = json_string(text);
    for (const char* member : {"actor", "purpose", "language", "criticality", "nobody_knows_this"})
      if (hub_.post("/v1/context", fields(session_) + json_string(member) + ": " + quoted + "}").status == 200)
        actors_.push_back(text); // only an actor can be such
    hub_.post("/v1/context", R"({"session": )" + quoted + "}");
    hub_.post("/v1/context", fields(session_) + R"("sections": [)" + quoted + "]}");
    hub_.post("/v1/context",
              fields(session_) + R"("sections": [{"name": "up.answer", "params": {)" + quoted + ": " + quoted + "}}]}");
    hub_.post("/v1/context", fields(session_) + quoted + ": 1, " + quoted + ": 2}");
    hub_.post("/v1/sessions", R"({"connector": )" + quoted + R"(, "credential": {}})");
    hub_.post("/v1/sessions/introspect", R"({"session": )" + quoted + "}");
    hub_.admin_post("/admin/v1/clients", R"({"id": )" + quoted + R"(, "tenant": )" + quoted + "}");
    showing_.count("hostile fields", 13);
  }
}

void Attack::by_tokens() {
  const auto now = std::to_string(unix_now()), end = std::to_string(unix_now() + 600);
  for (const auto& text : hostile_texts()) {
    const auto quoted = json_string(text);
    const std::string header = R"({"alg":"HS256"})";
    const auto claims = [&](const std::string& more, const std::string& iss = "\"chat.shop.example\"") {
      return R"({"iss": )" + iss + R"(, "aud": "support", "iat": )" + now + R"(, "exp": )" + end + more + "}";
    };
    const std::pair<std::string, std::string> tokens[] = {
        {header, claims(R"(, "sub": )" + quoted)},
        {header,
         claims(R"(, "sub": "1", "email": )" + quoted + R"(, "customer": )" + quoted + R"(, "acr": )" + quoted)},
        {header, claims(R"(, "sub": "1")", quoted)},
        {header, claims(R"(, "sub": "1", "amr": [)" + quoted + R"(], )" + quoted + ": 1")},
        {R"({"alg":"HS256","kid":)" + quoted + "}", claims(R"(, "sub": "1")")},
        {R"({"alg":)" + quoted + "}", claims(R"(, "sub": "1")")},
        {R"({"alg":"HS256","typ":)" + quoted + "}", claims(R"(, "sub": "1")")}};
    for (const auto& [head, body] : tokens) {
      hub_.post("/v1/sessions",
                R"({"connector": "login", "credential": {"token": ")" + hs256(head, body, kChatKey) + "\"}}");
      showing_.count("hostile fields");
    }
    hub_.post("/v1/sessions", R"({"connector": "login", "credential": {"token": )" + quoted + "}}");
    hub_.post("/v1/sessions", R"({"connector": "tokens", "credential": {"token": ")" +
                                  hs256(header, claims(R"(, "sub": "1")", quoted), kChatKey) + "\"}}");
  }
}

void Attack::by_upstreams() {
  for (const auto& text : hostile_bytes()) {
    const std::string length = "\r\nContent-Length: 2\r\n\r\n{}";
    const UpstreamReply replies[] = {
        {.raw = text, .close = true},
        {.raw = "HTTP/1.1 200 " + text + length, .close = true},
        {.raw = "HTTP/1.1 200 OK\r\n" + text + ": x" + length, .close = true},
        {.raw = "HTTP/1.1 500 No\r\nRetry-After: " + text + length, .close = true},
        {.raw = "HTTP/1.1 302 Found\r\nLocation: http://" + text + length, .close = true},
        {.raw = "HTTP/1.1 200 OK\r\nContent-Type: " + text + length, .close = true},
        {.body = text},
        {.body = "{" + json_string(as_text(text)) + ":1," + json_string(as_text(text)) + ":2}"},
        {.body = "{" + json_string(as_text(text)) + ":" + json_string(as_text(text)) + "}"}};
    for (const auto& reply : replies) {
      upstream_.on("/answer", reply);
      hub_.post("/v1/context", fields(session_) + R"("sections": ["up.answer"]})");
      showing_.count("hostile fields");
    }
  }
}

void Attack::by_plugins() {
  const auto ask = [&](const std::string& connector, const std::string& as, const std::string& bytes) {
    const auto answer =
        hub_.post("/v1/context", fields(session_) + R"("sections": [{"name": ")" + connector + R"(.contact",
      "params": {"bytes": ")" + hex_of(bytes) +
                                     R"(", "as": ")" + as + "\"}}]}");
    showing_.holds(answer.status == 200, connector + " was not asked: " + answer.body);
    showing_.count("hostile fields");
  };
  for (const auto& bytes : hostile_bytes()) {
    ask("says", "said", bytes);
    ask("fails", "failed", bytes);
    ask("yields", "type", bytes);
    said_.push_back(as_text(bytes.substr(0, kMostMessage)));
    failed_.push_back(as_text(
        ("contact: error/upstream_failed: the plugin says: " + bytes.substr(0, kMostMessage)).substr(0, kMostMessage)));
  }
}

// A configuration with such names is refused, and each fault says where.
void Attack::by_configuration() {
  for (const auto& text : short_texts()) {
    names_.push_back(text);
    auto config = hub_.config();
    config.add(text, R"({"plugin": )" + json_string(text) + R"(, "isolation": )" + json_string(text) +
                         R"(, "config": {)" + json_string(text) + ": " + json_string(text) +
                         R"(}, "grants": {"egress": [)" + json_string(text) + "]}}");
    config.more += json_string(text) + ": 1, ";
    showing_.holds(!hub_.reload(std::move(config)), "a connector of such a name was taken");
    showing_.count("hostile fields", 6);
  }
}

void Attack::by_random_names(int count) {
  auto connection = Connection::tcp(hub_.port());
  auto& random = showing_.random;
  for (int i = 0; i < count; ++i) {
    if (!connection) connection = Connection::tcp(hub_.port());
    const auto name = "r" + std::to_string(random() % 1'000'000'000);
    const Ask asks[] = {
        {.method = "GET", .path = "/v1/" + name, .key = kDesk, .body = {}},
        {.method = "M" + name, .path = "/v1/context", .key = kDesk, .body = {}},
        {.path = "/v1/context",
         .key = kDesk,
         .body = fields(session_) + R"("sections": [")" + name + ".x\", \"up." + name + "\"]}"},
        {.path = "/v1/sessions", .key = kDesk, .body = R"({"connector": ")" + name + R"(", "credential": {}})"},
        {.path = "/v1/sessions/introspect", .key = kDesk, .body = R"({"session": ")" + name + "\"}"},
        {.path = "/v1/context", .key = name, .body = "{}"},
        {.path = "/v1/context",
         .key = kDesk,
         .body = fields(session_) + R"("sections": ["says.contact"], "actor": ")" + name + "\"}"}};
    const auto answer = connection->ask(asks[i % 7]);
    if (answer.header("connection") == "close") connection.reset();
    showing_.count("requests with random names");
  }
}

void Attack::said_by_plugins(const LogPage& page) {
  std::vector<std::string> said, failed;
  for (const auto& event : page.events) {
    if (!event.has("/connector")) continue;
    const auto name = event.text("/event"), connector = event.text("/connector");
    if (name == "plugin.said" && connector == "says") said.push_back(event.text("/message"));
    if (name == "connector.failed" && connector == "fails") failed.push_back(event.text("/detail"));
  }
  // The hub keeps from its log what could be a customer's or a credential (D4).
  for (auto* words : {&said_, &failed_})
    for (auto& word : *words) word = redacted(word);
  showing_.holds(said == said_, "what a plugin said " + std::to_string(said_.size()) +
                                    " times stands in the log otherwise, or " + std::to_string(said.size()) + " times");
  showing_.holds(failed == failed_, "why a plugin failed " + std::to_string(failed_.size()) +
                                        " times stands in the log otherwise, or " + std::to_string(failed.size()) +
                                        " times");
}

void Attack::said_by_clients(const LogPage& page) {
  std::vector<std::string> actors;
  for (const auto& event : page.events)
    if (event.text("/event") == "context.answered" && event.text("/actor").find(kForged) != std::string::npos)
      actors.push_back(event.text("/actor"));
  showing_.holds(!actors_.empty() && actors == actors_, "an actor stands in the log otherwise than it was sent");
}

void Attack::said_of_configuration(const LogPage& page) {
  for (const auto& name : names_) {
    std::string escaped;
    for (const char c : name) escaped += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    bool found = false;
    for (const auto& event : page.events)
      found = found || (event.text("/event") == "config.fault" && event.text("/pointer") == "/connectors/" + escaped);
    showing_.holds(found, "no fault names the connector " + json_string(name.substr(0, 60)));
  }
}

void Attack::read_all() {
  const auto metrics =
      Connection::tcp(hub_.metrics_port())->ask({.method = "GET", .path = "/metrics", .key = {}, .body = {}});
  const auto series = read_metrics(metrics.body);
  showing_.holds(series.fault.empty(), "the metrics can't be parsed: " + series.fault);
  showing_.holds(series.series <= kMostSeries, std::to_string(series.series) + " series of metrics");
  showing_.count("series", static_cast<std::int64_t>(series.series));
  showing_.holds(hub_.stop() == 0, "the hub did not end well");
  const auto page = read_log(hub_.raw_log());
  for (const auto& fault : page.faults) showing_.fail("a line of the log: " + fault);
  for (const auto& event : page.events) {
    showing_.holds(event.text("/event") != kForged, "an event was forged");
    showing_.holds(!event.has("/customer") || event.text("/customer") != "cus_x", "a field was forged");
  }
  showing_.count("events", static_cast<std::int64_t>(page.events.size()));
  said_by_plugins(page);
  said_by_clients(page);
  said_of_configuration(page);
}

std::string show(Showing& showing) {
  Attack attack(showing);
  attack.by_clients();
  attack.by_tokens();
  attack.by_upstreams();
  attack.by_plugins();
  attack.by_configuration();
  attack.by_random_names(showing.full ? 100'000 : 12'000);
  attack.read_all();
  const auto counted = [&](const char* what) { return std::to_string(showing.counted(what)) + " " + what; };
  return counted("hostile fields") + ", " + counted("events") + " whole, " + counted("requests with random names") +
         ", " + counted("series");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "H8", plugboard::test::show);
}
