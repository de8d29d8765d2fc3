#include "tests/reliability/chaos/deadline_control.hpp"

#include <algorithm>

namespace plugboard::test {

namespace {

constexpr int kAtOnce = 4; // so that there is always one that is about to end

HubConfig config_of(const Upstream& upstream) {
  HubConfig config;
  return config.add("never", rest_connector(upstream.port(), R"({"record": )" + rest_section("/never") + "}"));
}

} // namespace

DeadlineControl::DeadlineControl(int deadline_ms) : deadline_ms_(deadline_ms), hub_(config_of(upstream_)) {
  upstream_.on("/never", UpstreamReply{.hang = true});
  if (!hub_.start()) throw std::runtime_error("the control hub does not start: " + hub_.raw_log());
  for (int i = 0; i < kAtOnce; ++i) asking_.emplace_back([this](const std::stop_token& stop) { ask(stop); });
}

void DeadlineControl::ask(const std::stop_token& stop) {
  std::string session;
  {
    const std::lock_guard lock(mutex_); // the hub's exchanges are remembered
    session = hub_.session();
  }
  auto connection = Connection::tcp(hub_.port());
  const Ask asked{.path = "/v1/context",
                  .key = kDesk,
                  .body = R"({"session": ")" + session + R"(", "sections": ["never.record"], "deadline_ms": )" +
                          std::to_string(deadline_ms_) + "}"};
  while (connection && !stop.stop_requested()) {
    const auto due = bench::now() + std::chrono::milliseconds(deadline_ms_);
    connection->ask(asked);
    const auto came = bench::now();
    const std::lock_guard lock(mutex_);
    all_.push_back({came, came - due});
  }
}

std::chrono::milliseconds DeadlineControl::worst_since(bench::Nanoseconds begun) const {
  bench::Nanoseconds worst{};
  const std::lock_guard lock(mutex_);
  for (auto late = all_.rbegin(); late != all_.rend() && late->came >= begun; ++late) worst = std::max(worst, late->by);
  return std::chrono::ceil<std::chrono::milliseconds>(worst);
}

} // namespace plugboard::test
