#include "tests/reliability/chaos/chaos_calls.hpp"

#include <thread>

namespace plugboard::test {

ChaosCalls::ChaosCalls(HubProcess& hub, std::string connector, const std::string& customer)
    : port_(hub.port()), connector_(std::move(connector)),
      session_(hub.session({.subject = "u-" + customer, .customer_id = customer})) {}

Ask ChaosCalls::asking(std::string_view mode, const How& how) const {
  const auto params = R"({"mode": ")" + std::string(mode) + "\"" + how.params + "}";
  return {.path = "/v1/context",
          .key = kDesk,
          .body = R"({"session": ")" + session_ + R"(", "deadline_ms": )" + std::to_string(how.deadline_ms) +
                  R"(, "sections": [{"name": ")" + connector_ + "." + how.section + R"(", "params": )" + params +
                  "}]}"};
}

ChaosAnswer ChaosCalls::call(std::string_view mode, const How& how) {
  if (!connection_) connection_ = Connection::tcp(port_);
  if (!connection_) throw std::runtime_error("the hub takes no connection");
  ChaosAnswer seen;
  seen.asked = bench::now();
  const auto answer = connection_->ask(asking(mode, how));
  seen.came = bench::now();
  const auto at = "/sections/" + connector_ + "." + how.section;
  if (answer.status != 200 || !answer.json().has(at)) {
    seen.section = answer.body;
    return seen;
  }
  const auto json = answer.json();
  seen.status = json.text(at + "/status");
  if (json.has(at + "/error/reason")) seen.reason = json.text(at + "/error/reason");
  seen.section = json.dump(at);
  return seen;
}

std::string ChaosCalls::be_of_use() {
  constexpr int kAnswers = 21;
  for (int i = 0; i < kAnswers; ++i)
    if (const auto answer = call(""); answer.status != "ok") return answer.section;
  return {};
}

std::optional<std::chrono::milliseconds> ChaosCalls::serves_again(bench::Nanoseconds since,
                                                                  std::chrono::milliseconds patience) {
  while (bench::now() - since < patience) {
    const auto answer = call("");
    if (answer.status == "ok") return std::chrono::duration_cast<std::chrono::milliseconds>(answer.came - since);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return std::nullopt;
}

} // namespace plugboard::test
