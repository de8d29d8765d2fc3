#include "plugins/sql/config.hpp"

#include "plugins/sql/settings.hpp"

#include <algorithm>
#include <set>
#include <sstream>
#include <stdexcept>

namespace plugboard::sql {
namespace {

// Over the loopback nobody listens: there TLS may be missing.
bool local(const std::string& host) {
  return host == "localhost" || host == "::1" || host.rfind("127.", 0) == 0;
}

std::vector<std::string> read_hosts(const Settings& setting) {
  const auto text = setting.required_text();
  std::vector<std::string> hosts;
  std::istringstream parts(text + ",");
  for (std::string host; std::getline(parts, host, ',');) {
    if (host.rfind('/', 0) == 0 || host.rfind('@', 0) == 0)
      setting.fault(
          "is a Unix socket, which a connector can't reach: let the server listen on an address, name that, and "
          R"(grant it: "grants": {"egress": ["tcp:127.0.0.1:5432"]})");
    else if (host.empty() && !text.empty())
      setting.fault("names no host between two commas");
    hosts.push_back(host);
  }
  return hosts;
}

TlsMode read_sslmode(const Settings& setting, const std::vector<std::string>& hosts) {
  const auto mode = setting.text(std::all_of(hosts.begin(), hosts.end(), local) ? "prefer" : "verify-full");
  if (mode == "disable") return TlsMode::disable;
  if (mode == "prefer") return TlsMode::prefer;
  if (mode == "require") return TlsMode::require;
  if (mode == "verify-ca") return TlsMode::verify_ca;
  if (mode != "verify-full") setting.fault("must be disable, prefer, require, verify-ca or verify-full");
  return TlsMode::verify_full;
}

PostgresServer read_postgres(const Settings& setting) {
  PostgresServer server;
  server.hosts = read_hosts(setting["host"]);
  server.port = static_cast<std::uint16_t>(setting["port"].whole(1, 65535, 5432));
  server.dbname = setting["dbname"].required_text();
  server.user = setting["user"].required_text();
  server.sslmode = read_sslmode(setting["sslmode"], server.hosts);
  server.root_certificate = setting["root_certificate"].text("");
  server.connect_timeout = std::chrono::milliseconds(setting["connect_timeout_ms"].whole(10, 60000, 3000));
  auto password = setting["password"];
  if (password.value().IsNull()) return server;
  if (!password.value().IsObject() || !password.has("secret"))
    password.fault(R"(must be a reference: {"env": "NAME"} or {"file": "PATH"})");
  else
    server.password = password["secret"].required_text();
  return server;
}

std::variant<SqliteFile, PostgresServer> read_database(const Settings& setting) {
  if (setting.has("sqlite") == setting.has("postgres")) {
    setting.fault(R"(say either {"sqlite": "FOLDER/file.db"} or {"postgres": {…}})");
    return SqliteFile{};
  }
  if (setting.has("sqlite")) return SqliteFile{setting["sqlite"].required_text()};
  return read_postgres(setting["postgres"]);
}

// The types that the section's needs promise; ".rep" is the connector's own "NAME.rep".
std::set<std::string> read_needs(const Settings& setting) {
  std::set<std::string> types;
  setting.each_element([&](const Settings& group) {
    group.each_element([&](const Settings& need) {
      types.insert(need.value().IsObject() ? need["type"].required_text() : need.required_text());
    });
  });
  return types;
}

bool promised(const std::set<std::string>& needs, const std::string& parameter) {
  if (parameter == "tenant" || parameter == "language" || parameter.rfind("params.", 0) == 0) return true;
  auto dot = parameter.find('.');
  return needs.contains(parameter) || (dot != std::string::npos && needs.contains(parameter.substr(dot)));
}

void read_query(const Settings& setting, Dialect dialect, SectionConfig& section) {
  auto text = setting["query"].required_text();
  if (text.empty()) return;
  auto query = parse_query(text, dialect);
  if (!query) return setting["query"].fault(query.failure().message);
  section.query = std::move(*query);
  static const std::set<std::string> readers{"select", "with", "values", "table"};
  if (!readers.contains(section.query.first_word))
    setting["query"].fault("must be one statement that reads: SELECT, WITH or VALUES");
  const auto needs = read_needs(setting["needs"]);
  for (const auto& parameter : section.query.parameters)
    if (!promised(needs, parameter))
      setting["query"].fault(std::string(":").append(parameter).append(
          " is not among the section's needs; what the client sends is :params.NAME"));
}

void read_yields(const Settings& setting, SectionConfig& section) {
  setting.each([&](const std::string& type, const Settings& yield) {
    section.yields.push_back({type, yield["column"].required_text(), yield["verified"].flag(false)});
  });
}

void read_echo(const Settings& setting, SectionConfig& section) {
  setting.each([&](const std::string& pointer, const Settings& type) {
    auto path = parse_pointer(pointer);
    if (!path || path->empty()) return type.fault("must be a JSON Pointer into the section, like /customer_id");
    section.echo.push_back({*path, pointer, type.required_text()});
  });
}

std::shared_ptr<const Shape> find_shape(const Settings& setting, const Shapes& shapes) {
  auto name = setting.required_text();
  auto found = shapes.find(name);
  if (found != shapes.end()) return found->second;
  std::string known;
  for (const auto& [each, shape] : shapes) known += (known.empty() ? "" : ", ") + each;
  if (!name.empty()) setting.fault("there is no shape \"" + name + "\"; there are: " + known);
  return nullptr;
}

WhenEmpty read_empty(const Settings& setting, const Shape* shape) {
  auto word = setting.text(shape && shape->many() ? "ok" : "not_found");
  if (word != "ok" && word != "not_found") setting.fault("must be \"ok\" or \"not_found\"");
  return word == "ok" ? WhenEmpty::ok : WhenEmpty::not_found;
}

SectionConfig read_section(const std::string& name, const Settings& setting, Dialect dialect, const Shapes& shapes) {
  SectionConfig section;
  section.name = name;
  section.shape = find_shape(setting["shape"], shapes);
  section.empty = read_empty(setting["empty"], section.shape.get());
  read_query(setting, dialect, section);
  read_yields(setting["yields"], section);
  read_echo(setting["echo"], section);
  return section;
}

} // namespace

const SectionConfig* Config::section(std::string_view name) const {
  auto found = std::find_if(sections.begin(), sections.end(), [&](const auto& each) { return each.name == name; });
  return found == sections.end() ? nullptr : &*found;
}

Config read_config(std::string_view json, const Shapes& shapes) {
  Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(std::string(json).c_str());
  if (document.HasParseError()) throw std::runtime_error("the configuration is no JSON");
  std::string faults;
  const Settings root(document, "", faults);
  Config config;
  config.database = read_database(root["database"]);
  config.statement_timeout = std::chrono::milliseconds(root["statement_timeout_ms"].whole(1, 600000, 5000));
  config.pool_max = static_cast<std::size_t>(root["pool"]["max"].whole(1, 256, 8));
  const bool sqlite = std::holds_alternative<SqliteFile>(config.database);
  root["sections"].each([&](const std::string& name, const Settings& section) {
    config.sections.push_back(read_section(name, section, sqlite ? Dialect::sqlite : Dialect::postgres, shapes));
  });
  if (config.sections.empty()) root["sections"].fault("say at least one section");
  auto zone = root["time_zone"].text("");
  if (!faults.empty()) throw std::runtime_error(faults);
  if (!zone.empty()) config.time_zone = TimeZone(zone);
  return config;
}

} // namespace plugboard::sql
