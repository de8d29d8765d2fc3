#include "tests/reliability/leaks/leaky_hub.hpp"

#include <filesystem>

namespace plugboard::test {

namespace {

namespace fs = std::filesystem;

std::string sections() {
  std::string text = "{";
  for (const auto& way : ways_to_answer())
    text += (text.size() > 1 ? ", " : "") + json_string(way) + ": " +
            (way == "wrong" ? rest_section("/" + way, R"("echo": {"/customer_id": "customer_id"}, )")
             : way == "shape"
                 ? R"({"shape": "contact/v1", "needs": [["customer_id"]], "url": "/shape?customer={customer_id}",
                              "mapping": "identity"})"
                 : rest_section("/" + way));
  return text + "}";
}

std::string in_worker(std::string connector) {
  const std::string in_process = R"("isolation": "in_process")";
  const auto at = connector.find(in_process);
  return connector.replace(at, in_process.size(), R"("isolation": "worker")");
}

// Whom the target names: "/ok?customer=…".
const Person* asked_for(const std::vector<Person>& people, const std::string& target) {
  for (const auto& person : people)
    if (target.find("customer=" + person.customer_id) != std::string::npos) return &person;
  return nullptr;
}

UpstreamReply answer(const std::string& way, const std::vector<Person>& people, const Person& person) {
  const auto record = person.record();
  if (way == "refused") return {.status = 403, .body = record};
  if (way == "limited") return {.status = 429, .body = record};
  if (way == "failed") return {.status = 500, .body = "no luck with " + record};
  if (way == "malformed") return {.body = "<html>" + record + "</html>"};
  if (way == "cut") return {.body = record.substr(0, record.size() - 1)};
  if (way == "twice") return {.body = R"({"name": "a", "name": )" + json_string(person.name) + "}"};
  if (way == "wrong") return {.body = (&person == &people.front() ? people.back() : people.front()).record()};
  if (way == "shape")
    return {.body = R"({"customer_id": )" + person.number + R"(, "name": )" + json_string(person.name) + "}"};
  if (way == "huge") {
    std::string body = "[";
    while (body.size() < (1 << 20)) body += record + ",";
    return {.body = body + "1]"};
  }
  if (way == "slow") return {.body = record, .hang = true};
  if (way == "garbage")
    return {.raw = "HTTP/1.1 200 " + person.name + "\r\nX: " + person.token + "\nContent-Length: x\r\n\r\n"};
  return {.body = record};
}

} // namespace

const std::vector<std::string>& ways_to_answer() {
  static const std::vector<std::string> kWays{"ok",    "refused", "limited", "failed", "malformed", "cut",
                                              "twice", "wrong",   "shape",   "huge",   "slow",      "garbage"};
  return kWays;
}

LeakyHub::LeakyHub(const std::vector<Person>& people) {
  fs::permissions(temporary_.path(), fs::perms::all);
  for (const auto& from : {HubConfig().plugins_dir, std::string(LEAKS_PLUGINS)})
    for (const auto& plugin : fs::directory_iterator(from))
      fs::create_directory_symlink(plugin.path(), fs::path(plugins_.path()) / plugin.path().filename());
  script(people);
  std::string rows = "CREATE TABLE people (customer TEXT, email TEXT, name TEXT, card TEXT, iban TEXT);";
  for (const auto& one : people)
    rows += "INSERT INTO people VALUES ('" + one.customer_id + "', '" + one.email + "', '" + one.name + "', '" +
            one.card + "', '" + one.iban + "');";
  run_sqlite(data_ / "crm.db", rows);
  hub_ = std::make_unique<HubProcess>(config());
}

void LeakyHub::script(const std::vector<Person>& people) {
  for (const auto& way : ways_to_answer())
    systems_.on("/" + way, [way, people](const UpstreamRequest& request) {
      const auto* person = asked_for(people, request.target);
      return person != nullptr ? answer(way, people, *person) : UpstreamReply{.status = 404, .body = "{}"};
    });
}

HubConfig LeakyHub::config() const {
  HubConfig config;
  config.plugins_dir = plugins_.path();
  config.more = R"("log": {"level": "trace"}, )";
  config.environment["TMPDIR"] = temporary_.path();
  config.environment["VOUCHER_KEY"] = kVoucher;
  config.clients.insert(config.clients.rfind(']'),
                        R"(, {"id": "voucher", "channel": "voice", "key": {"env": "VOUCHER_KEY"},
    "sections": ["*"], "scopes": ["session:create", "session:read", "session:assert", "session:handoff", "context:read"]})");
  config.add("shop", rest_connector(systems_.port(), sections(), R"("timeout_ms": 400, )"));
  config.add("ledger", in_worker(rest_connector(systems_.port(), sections(), R"("timeout_ms": 400, )")));
  config.add("vault",
             rest_connector(systems_.port(), "{\"ok\": " + rest_section("/ok") + "}", R"("assurance": "aal2", )"));
  config.add("crm", in_worker(sqlite_connector(data_ / "crm.db",
                                               R"({"person": {"shape": "record/v1", "needs": [["email"]], "query":
                            "SELECT customer AS customer_id, name, card, iban FROM people WHERE email = :email"},
                           "broken": {"shape": "record/v1", "needs": [["email"]], "query":
                            "SELECT json_extract(name || :email, '$.x') AS name FROM people WHERE email = :email"}})")));
  config.add("talker", R"({"plugin": "chatty", "isolation": "worker"})");
  config.add("insider", R"({"plugin": "chatty", "isolation": "in_process"})");
  for (auto& [name, connector] : config.connectors)
    connector.insert(1, R"("breaker": {"enabled": false}, )"); // each way to fail is to be seen often
  return config;
}

std::string LeakyHub::command_line() {
  return COMMAND_LINE;
}

} // namespace plugboard::test
