#include "tests/reliability/load/watched.hpp"

#include "tests/bench/process_figures.hpp"

namespace plugboard::test {

Watched::Watched(HubProcess& hub, std::string key, std::vector<std::string> to_end)
    : hub_(hub), key_(std::move(key)), to_end_(std::move(to_end)),
      thread_([this](const std::stop_token& stop) { ask(stop); }) {}

WatchedSeen Watched::stop() {
  thread_.request_stop();
  thread_.join();
  return std::move(seen_);
}

void Watched::ask(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds kPause{40};
  while (!stop.stop_requested()) {
    seen_.health.all.push_back(timed(false, {.method = "GET", .path = "/healthz", .body = {}}, 200));
    seen_.admin.all.push_back(timed(true, {.method = "GET", .path = "/admin/v1/connectors", .body = {}}, 200));
    if (!to_end_.empty()) {
      const auto body = R"({"session": ")" + to_end_.back() + "\"}";
      to_end_.pop_back();
      seen_.revoke.all.push_back(timed(false, {.path = "/v1/sessions/revoke", .key = key_, .body = body}, 204));
    }
    seen_.most_resident_kb = std::max(seen_.most_resident_kb, bench::holdings({hub_.process().pid()}).resident_kb);
    std::this_thread::sleep_for(kPause);
  }
}

bench::Nanoseconds Watched::timed(bool over_socket, const Ask& ask, int expected) {
  const auto begun = bench::now();
  std::string failure;
  try {
    auto connection = over_socket ? Connection::unix(hub_.admin_socket()) : Connection::tcp(hub_.port());
    const auto status = connection ? connection->ask(ask).status : 0;
    if (status != expected) failure = ask.path + " was answered " + std::to_string(status);
  } catch (const std::exception& error) {
    failure = ask.path + ": " + error.what();
  }
  if (!failure.empty() && ++seen_.failed == 1) seen_.first_failure = failure;
  return bench::now() - begun;
}

} // namespace plugboard::test
