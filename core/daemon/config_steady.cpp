// How careful the hub is to be with a connector's system: breaker, retry, hedge, concurrency.
#include "core/daemon/config_values.hpp"

namespace plugboard::daemon {
namespace {

constexpr unsigned kMostExtraPercent = 20; // retries and hedges, for a hundred calls

bool flag_at(const ConfigValue& value, std::string_view pointer) {
  const auto* flag = json::at_pointer(value, pointer);
  return flag == nullptr || !flag->IsBool() || flag->GetBool(); // on when left out
}

unsigned count_at(const ConfigValue& value, std::string_view pointer, unsigned otherwise) {
  return static_cast<unsigned>(number_at(value, pointer, otherwise));
}

} // namespace

connector::SteadyRules read_steady_rules(const SteadyPlace& at) {
  const auto& connector = at.connector;
  const auto& place = at.place;
  const auto& value = at.value;
  const auto fault = [&](const char* where, std::string message) {
    place.fault(connector.pointer + where, std::move(message));
  };
  connector::SteadyRules rules;
  auto& [breaker, retry, hedge, limit] = rules;
  breaker.enabled = flag_at(value, "/breaker/enabled");
  breaker.failure_percent = count_at(value, "/breaker/failure_percent", breaker.failure_percent);
  breaker.slow_percent = count_at(value, "/breaker/slow_percent", breaker.slow_percent);
  breaker.slow = std::chrono::milliseconds(number_at(value, "/breaker/slow_ms", 0));
  if (breaker.slow > connector.timeout)
    fault("/breaker/slow_ms", "is longer than the connector's \"timeout_ms\", after which a call has failed; lower it, "
                              "or leave it out: then it is learned");
  retry.attempts = count_at(value, "/retry/attempts", retry.attempts);
  retry.percent = count_at(value, "/retry/percent", retry.percent);
  hedge.enabled = flag_at(value, "/hedge/enabled");
  hedge.percent = count_at(value, "/hedge/percent", hedge.percent);
  hedge.least_wait = std::chrono::milliseconds(number_at(value, "/hedge/least_wait_ms", 10));
  if (retry.percent <= kMostExtraPercent && hedge.percent <= kMostExtraPercent &&
      retry.percent + hedge.percent > kMostExtraPercent)
    fault("/hedge/percent", "makes, with \"retry\", more than " + std::to_string(kMostExtraPercent) +
                                " more calls for a hundred; a system that is in need is not helped by so many");
  limit.adaptive = flag_at(value, "/concurrency/adaptive");
  limit.least = count_at(value, "/concurrency/least", limit.least);
  limit.most_waiting = count_at(value, "/concurrency/waiting", 0);
  if (connector.max_concurrency > 0 && json::at_pointer(value, "/concurrency/least") != nullptr &&
      limit.least > connector.max_concurrency)
    fault("/concurrency/least", "is more than \"max_concurrency\", " + std::to_string(connector.max_concurrency) +
                                    "; lower it, or raise that");
  return rules;
}

} // namespace plugboard::daemon
