// plugboard doctor: from the outside in, what works and what does not, and what to do about it.
#include "core/cli/commands.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

namespace plugboard::cli {

namespace {

enum class Grade : std::uint8_t { good = 1, warning, fault };

struct Finding {
  std::string name;
  Grade grade;
  std::string what; // what was seen, or what to do

  Finding(std::string of, bool good, std::string seen)
      : Finding(std::move(of), good ? Grade::good : Grade::fault, std::move(seen)) {}

  Finding(std::string of, Grade graded, std::string seen) : name(std::move(of)), grade(graded), what(std::move(seen)) {}
};

std::string_view name_of(Grade grade) {
  if (grade == Grade::good) return "good";
  return grade == Grade::warning ? "warning" : "fault";
}

Colour colour_of(Grade grade) {
  if (grade == Grade::good) return Colour::green;
  return grade == Grade::warning ? Colour::yellow : Colour::red;
}

// Its worker goes down again and again, or it is not kept from the hub as well as it could be.
void containment(json::Value connector, const std::string& name, std::vector<Finding>& findings) {
  const auto worker = connector["worker"];
  if (worker["state"].string() == "breaker_open") {
    std::string last;
    worker["last_exits"].each_element([&](json::Value exit) {
      if (last.empty()) last = harmless(exit["how"].string().value_or(""));
    });
    findings.push_back({name, false, "its worker goes down again and again, the last time: " + last});
  }
  if (const auto banner = connector["banner"].string()) findings.push_back({name, Grade::warning, harmless(*banner)});
}

Finding asks(const Scene& scene, const std::string& name, const std::string& path, int good_status,
             const std::string& remedy) {
  auto reply = scene.ask.agent("GET", path);
  if (!reply) return {name, false, reply.error().message};
  if (reply->status == good_status) return {name, true, scene.ask.places().server};
  return {name, false, "answered " + std::to_string(reply->status) + "; " + remedy};
}

Finding client_known(const Scene& scene) {
  const auto& places = scene.ask.places();
  const bool by_certificate = places.key.empty() && !places.tls.certificate_file.empty();
  const std::string name = by_certificate ? "client certificate" : "client key";
  if (places.key.empty() && !by_certificate)
    return {name, false, "PLUGBOARD_KEY is not set; add a client with: plugboard client add"};
  auto reply = scene.ask.agent("GET", "/v1/sections");
  if (!reply) return {name, false, reply.error().message};
  if (reply->status == 401)
    return {name, false,
            by_certificate ? "the hub knows no client with " + places.tls.certificate_file
                           : "the hub knows no client with this PLUGBOARD_KEY"};
  if (reply->status == 403) return {name, true, "known, without the scope context:read"};
  return {name, true, "known"};
}

void connectors(const Scene& scene, std::vector<Finding>& findings) {
  auto reply = scene.ask.admin("GET", "/admin/v1/connectors");
  if (!reply) return findings.push_back({"admin socket", false, reply.error().message});
  if (reply->status != 200)
    return findings.push_back(
        {"admin socket", false, "answered " + std::to_string(reply->status) + "; be the hub's user, or root"});
  findings.push_back({"admin socket", true, scene.ask.places().admin});
  json::Reader reader;
  auto body = reader.read(reply->body);
  if (!body) return;
  (*body)["connectors"].each_element([&](json::Value connector) {
    auto name = "connector " + harmless(connector["name"].string().value_or(""));
    auto calls = connector["calls"].integer().value_or(0), failures = connector["failures"].integer().value_or(0);
    auto violations = connector["protocol_violations"].integer().value_or(0);
    auto seen = std::to_string(calls) + " calls, " + std::to_string(failures) + " failures";
    containment(connector, name, findings);
    if (connector["state"].string() != "ready")
      findings.push_back({name, false, "not ready; see the hub's log"});
    else if (violations > 0)
      findings.push_back(
          {name, false,
           std::to_string(violations) + " answers that broke the contract; see plugin_protocol in the hub's log"});
    else if (calls >= 20 && failures * 2 > calls)
      findings.push_back({name, false, seen + ": more than half fail; see the hub's log for why"});
    else
      findings.push_back({name, true, seen});
  });
}

// Without rules each client sees its sections whole: nothing is broken, but somebody should have meant it so.
void policy(const Scene& scene, std::vector<Finding>& findings) {
  const auto reply = scene.ask.admin("GET", "/admin/v1/policy");
  if (!reply || reply->status != 200) return; // what keeps admins out has been said
  json::Reader reader;
  const auto body = reader.read(reply->body);
  if (!body) return;
  if ((*body)["has_policy"].boolean() == true)
    findings.push_back({"policy", true, "the configuration says who may see what"});
  else
    findings.push_back({"policy", Grade::warning,
                        "there is none: each client sees every field of the sections that it may name; add the part "
                        "\"policy\" to the configuration, and try it with: plugboard policy explain"});
}

} // namespace

int doctor(Scene& scene) {
  std::vector<Finding> findings;
  findings.push_back(asks(scene, "hub alive", "/healthz", 200, "see its log"));
  findings.push_back(asks(scene, "hub ready", "/readyz", 200, "it is stopping or starting"));
  findings.push_back(client_known(scene));
  connectors(scene, findings);
  policy(scene, findings);
  bool all_good = true;
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("findings").begin_array();
  for (const auto& finding : findings) {
    const bool is_good = finding.grade != Grade::fault;
    all_good = all_good && is_good;
    writer.begin_object()
        .member("name", finding.name)
        .member("good", is_good)
        .member("grade", name_of(finding.grade))
        .member("what", finding.what)
        .end_object();
    if (!scene.json)
      scene.out << scene.terminal.paint(colour_of(finding.grade), padded(name_of(finding.grade), 7)) << "  "
                << finding.name << ": " << finding.what << "\n";
  }
  writer.end_array().end_object();
  if (scene.json) scene.out << body << "\n";
  return all_good ? 0 : 1;
}

} // namespace plugboard::cli
