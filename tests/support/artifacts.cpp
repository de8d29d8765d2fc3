#include "tests/support/artifacts.hpp"

#include <unistd.h>

#include <atomic>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace plugboard::test {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostCanaries = 2'000; // of one hub
constexpr std::size_t kLeastText = 12;       // characters of what a system said: shorter words are everybody's
constexpr std::uintmax_t kLargestFile = 64 << 20;

class Harvest {
 public:
  explicit Harvest(const Artifacts& artifacts) : artifacts_(artifacts) {}

  void take(Marked::Home home, std::string name, const std::string& value) {
    if (!is_worth_looking_for(value) || canaries.size() >= kMostCanaries) return;
    if (artifacts_.config.find(value) != std::string::npos || !seen_.insert(value).second) return;
    canaries.push_back({home, std::move(name), value});
  }

  // Before all else: what else repeats an identifier, a system's answer for one, must not make a secret of it.
  void identifiers_of(const Exchange& exchange) {
    if (exchange.answer.status / 100 != 2 || !Json::is_json(exchange.answer.body)) return;
    const auto body = Json::parse(exchange.answer.body);
    if (!body.has("/customer/identifiers")) return;
    for (std::size_t i = 0; i < body.size("/customer/identifiers"); ++i) {
      const auto at = "/customer/identifiers/" + std::to_string(i);
      if (body.has(at + "/value"))
        take(Marked::Home::store, "an identifier, " + body.text(at + "/type"), body.text(at + "/value"));
    }
  }

  void from(const Exchange& exchange) {
    take(Marked::Home::nowhere, "a client's key", exchange.ask.key);
    if (Json::is_json(exchange.ask.body)) asked(Json::parse(exchange.ask.body));
    if (exchange.answer.status / 100 == 2 && Json::is_json(exchange.answer.body))
      answered(Json::parse(exchange.answer.body));
  }

  std::vector<Marked> canaries;

 private:
  void asked(const Json& body) {
    for (const auto* member : {"session", "credential", "continue", "code"})
      leaves(body, "/" + std::string(member), "what a client sent as ", Marked::Home::nowhere, 8);
  }

  void answered(const Json& body) {
    leaves(body, "/session", "an answer's ", Marked::Home::nowhere, 8);
    leaves(body, "/code", "an answer's ", Marked::Home::nowhere, 8);
    if (!body.has("/sections") || !body.has("/context_id")) return;
    for (const auto& section : body.names("/sections"))
      leaves(body, "/sections/" + section + "/data", "of a system's answer ", Marked::Home::nowhere, kLeastText);
  }

  // Every text and long number below it. Times are left out: they stand everywhere.
  void leaves(const Json& body, const std::string& at, const std::string& whose, Marked::Home home, std::size_t least) {
    if (!body.has(at)) return;
    const auto dumped = body.dump(at);
    if (dumped.starts_with('{')) {
      for (const auto& name : body.names(at)) leaves(body, at + "/" + escaped(name), whose, home, least);
    } else if (dumped.starts_with('[')) {
      for (std::size_t i = 0; i < body.size(at); ++i) leaves(body, at + "/" + std::to_string(i), whose, home, least);
    } else {
      const auto value = dumped.starts_with('"') ? body.text(at) : dumped;
      const bool is_time = value.size() > 10 && value[4] == '-' && value[7] == '-' && value[10] == 'T';
      if (value.size() >= least && !is_time) take(home, whose + at, value);
    }
  }

  static std::string escaped(const std::string& name) {
    std::string out;
    for (const char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
  }

  const Artifacts& artifacts_;
  std::set<std::string> seen_;
};

} // namespace

std::string artifacts_folder() {
  const char* folder = std::getenv("PLUGBOARD_ARTIFACTS"); // NOLINT(concurrency-mt-unsafe): nobody sets it here
  return folder != nullptr ? folder : "";
}

std::vector<Marked> canaries_of(const std::vector<Exchange>& exchanges, const Artifacts& artifacts) {
  Harvest harvest(artifacts);
  for (const auto& exchange : exchanges) harvest.identifiers_of(exchange);
  for (const auto& credential : artifacts.credentials) harvest.take(Marked::Home::nowhere, "a credential", credential);
  for (const auto& exchange : exchanges) harvest.from(exchange);
  return harvest.canaries;
}

void leave_artifacts(const Artifacts& artifacts, const std::vector<Marked>& canaries) {
  static std::atomic<int> number{0};
  const fs::path folder =
      fs::path(artifacts_folder()) / ("hub-" + std::to_string(::getpid()) + "-" + std::to_string(++number));
  fs::create_directories(folder / "data");
  std::ofstream(folder / "log") << artifacts.log;
  std::ofstream(folder / "metrics") << artifacts.metrics;
  std::error_code error; // a hub that never started has left nothing
  for (const auto& entry : fs::recursive_directory_iterator(artifacts.data_dir, error)) {
    if (!entry.is_regular_file(error) || entry.file_size(error) > kLargestFile) continue;
    auto name = fs::relative(entry.path(), artifacts.data_dir).string();
    for (char& c : name)
      if (c == '/') c = '_';
    fs::copy_file(entry.path(), folder / "data" / name, error);
  }
  std::ofstream(folder / "canaries") << to_lines(canaries);
}

std::string to_lines(const std::vector<Marked>& canaries) {
  std::string lines;
  for (const auto& canary : canaries)
    lines += std::string("{\"home\": ") + (canary.home == Marked::Home::store ? "\"store\"" : "\"nowhere\"") +
             ", \"name\": " + json_string(canary.name) + ", \"value\": " + json_string(canary.value) + "}\n";
  return lines;
}

std::vector<Marked> canaries_in(const std::string& lines) {
  std::vector<Marked> canaries;
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    const auto json = Json::parse(line);
    const auto home = json.text("/home") == "store" ? Marked::Home::store : Marked::Home::nowhere;
    canaries.push_back({home, json.text("/name"), json.text("/value")});
  }
  return canaries;
}

} // namespace plugboard::test
