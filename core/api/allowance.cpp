#include "core/api/allowance.hpp"

#include "core/api/problem.hpp"

namespace plugboard::api {

namespace {

std::int64_t whole_seconds(Duration time) { // rounded up: who comes then is not too early
  constexpr Duration::rep kSecond = 1'000'000'000;
  return (time.count() + kSecond - 1) / kSecond;
}

class Standing { // of one client against all its limits
 public:
  void add(std::string_view name, const session::Taken& taken) {
    const auto item = [&](std::string& list) -> std::string& {
      return list.append(list.empty() ? "\"" : ", \"").append(name).append("\"");
    };
    item(policy_).append(";q=").append(std::to_string(taken.most));
    policy_.append(";w=").append(std::to_string(whole_seconds(taken.whole)));
    item(left_).append(";r=").append(std::to_string(taken.left));
    left_.append(";t=").append(std::to_string(whole_seconds(taken.again)));
  }

  void tell(http::Responder& responder) {
    if (policy_.empty()) return;
    responder.add({"ratelimit-policy", std::move(policy_)});
    responder.add({"ratelimit", std::move(left_)});
  }

 private:
  std::string policy_, left_;
};

} // namespace

bool allow(const session::Client& client, bool is_context, const Clock& clock, http::Responder& responder) {
  if (!client.use || (client.rate_limit.per_second <= 0 && client.contexts_per_day <= 0)) return true;
  Standing standing;
  const auto rate = client.use->requests.take(client.rate_limit, clock.now());
  if (rate.most > 0) standing.add("requests", rate);
  session::Taken day;
  if (is_context && rate.allowed) day = client.use->contexts.take(client.contexts_per_day, clock.wall());
  if (day.most > 0) standing.add("contexts", day);
  standing.tell(responder);
  if (rate.allowed && day.allowed) return true;
  const auto seconds = whole_seconds(rate.allowed ? day.again : rate.again);
  responder.send(too_many(rate.allowed ? "This client has had the contexts that it may have in a day."
                                       : "This client asks more often than it may.",
                          seconds));
  return false;
}

} // namespace plugboard::api
