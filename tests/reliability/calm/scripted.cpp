#include "tests/reliability/calm/scripted.hpp"

#include <stdexcept>
#include <thread>

namespace plugboard::test {

Scripted::Scripted(std::vector<std::string> paths) {
  for (const auto& path : paths) {
    paths_[path].script = [](std::uint64_t, const std::string&) { return Deed{}; };
    upstream_.on("/" + path, [this, path](const UpstreamRequest& request) { return answer(path, request); });
  }
}

void Scripted::plays(const std::string& path, Script script) {
  const std::lock_guard lock(mutex_);
  paths_.at(path) = {std::move(script), {}};
}

std::vector<Moment> Scripted::asked(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  return paths_.at(path).asked;
}

UpstreamReply Scripted::answer(const std::string& path, const UpstreamRequest& request) {
  Deed deed;
  {
    const std::lock_guard lock(mutex_);
    auto& [script, asked] = paths_.at(path);
    asked.push_back(std::chrono::steady_clock::now());
    deed = script(asked.size() - 1, request.target.substr(request.target.find('=') + 1));
  }
  if (deed.after > Milliseconds(0)) std::this_thread::sleep_for(deed.after);
  UpstreamReply reply;
  reply.status = deed.status;
  reply.body = R"({"id": "1"})";
  return reply;
}

Caller::Caller(int port, std::string session, std::string key)
    : session_(std::move(session)), key_(std::move(key)), connection_([&] {
        auto connection = Connection::tcp(port);
        if (!connection) throw std::runtime_error("the hub does not listen");
        return std::move(*connection);
      }()) {}

std::vector<Told> Caller::ask(const std::vector<std::string>& sections) {
  std::string names;
  for (const auto& section : sections) names += (names.empty() ? "" : ", ") + json_string(section);
  const auto answer = connection_.ask({.path = "/v1/context",
                                       .key = key_,
                                       .body = R"({"session": )" + json_string(session_) + R"(, "sections": [)" +
                                               names + R"(], "deadline_ms": 2000})"});
  if (answer.status != 200) throw std::runtime_error("asked for a context, the hub said " + answer.body);
  const auto said = answer.json();
  std::vector<Told> told;
  for (const auto& section : sections) {
    const auto at = "/sections/" + section;
    Told& one = told.emplace_back();
    one.at = std::chrono::steady_clock::now();
    one.status = said.text(at + "/status");
    one.took_ms = said.has(at + "/took_ms") ? said.number(at + "/took_ms") : 0;
    if (said.has(at + "/error")) one.reason = said.text(at + "/error/reason");
    one.retry_after = said.has(at + "/error/retry_after_ms");
  }
  return told;
}

double counter_of(HubProcess& hub, const std::string& series) {
  const auto page = hub.admin("/metrics").body;
  const auto at = page.find("\n" + series + " ");
  return at == std::string::npos ? 0 : std::stod(page.substr(at + series.size() + 2));
}

} // namespace plugboard::test
