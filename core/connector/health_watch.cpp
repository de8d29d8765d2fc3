#include "core/connector/health_watch.hpp"

#include "core/base/redacted.hpp"
#include "core/connector/on_home.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr Duration kFirstWithin = std::chrono::seconds(1);

// Nothing was asked of the plugin, or a worker ended over something else: how it is, is not said by that.
bool says_nothing(const Outcome& outcome) {
  switch (outcome.reason) {
  case Reason::starting:
  case Reason::breaker_open:
  case Reason::plugin_crashed:
  case Reason::plugin_disabled:
  case Reason::overloaded:
    return true;
  default:
    return false;
  }
}

} // namespace

std::string_view name_of(Condition condition) {
  switch (condition) {
  case Condition::not_offered:
    return "not_offered";
  case Condition::healthy:
    return "healthy";
  case Condition::unhealthy:
    return "unhealthy";
  case Condition::unknown:
    break;
  }
  return "unknown";
}

HealthWatch::HealthWatch(Connector& of, Home& home, Random& random, Log& log, Metrics& metrics)
    : of_(of), home_(home), random_(random), log_(log), metrics_(metrics), every_(of.settings().health_every),
      timer_(std::make_unique<boost::asio::steady_timer>(home.io)) {}

void HealthWatch::begin() {
  boost::asio::post(home_.io, [self = shared_from_this()] { self->ask_after(std::min(self->every_, kFirstWithin)); });
}

void HealthWatch::close() {
  run_on_home(home_, [this] {
    closed_ = true;
    timer_.reset();
    shown_.reset();
  });
}

Health HealthWatch::now() const {
  const std::lock_guard lock(mutex_);
  return health_;
}

// Between half of it and all: connectors that were started together are not asked together for ever.
void HealthWatch::ask_after(Duration pause) {
  if (closed_) return;
  const auto half = std::max<Duration::rep>(pause.count() / 2, 1);
  const Duration jittered(half + static_cast<Duration::rep>(random_.below(static_cast<std::uint64_t>(half))));
  timer_->expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(jittered));
  timer_->async_wait([self = shared_from_this()](const boost::system::error_code& cancelled) {
    if (!cancelled) self->ask();
  });
}

void HealthWatch::ask() {
  if (closed_) return;
  of_.check_health(Deadline::after(home_.clock.now(), of_.settings().timeout), home_,
                   [self = shared_from_this()](const HealthAnswer& answer) { self->answered(answer); });
}

void HealthWatch::answered(const HealthAnswer& answer) {
  if (closed_) return;
  if (!answer.offered) return became(Condition::not_offered, {}); // and never will, in this process or the next
  ask_after(every_); // first: what follows takes memory, and where there is none it is asked again all the same
  if (answer.outcome.status == Status::ok)
    became(Condition::healthy, {});
  else if (!says_nothing(answer.outcome))
    became(Condition::unhealthy, answer.message.empty()
                                     ? std::string(title_of(answer.outcome.status, answer.outcome.reason))
                                     : redacted(answer.message));
}

void HealthWatch::became(Condition condition, std::string message) {
  bool changed = false;
  {
    const std::lock_guard lock(mutex_);
    health_.asked = home_.clock.wall();
    changed = health_.condition != condition;
    if (changed) health_.since = health_.asked;
    const bool was_ill = health_.condition == Condition::unhealthy;
    health_.condition = condition;
    health_.message = message;
    if (condition == Condition::healthy && !was_ill) changed = false; // no news
  }
  if (condition == Condition::not_offered) return;
  const std::string& name = of_.settings().name;
  if (!shown_)
    shown_.emplace(metrics_.gauge("plugboard_connector_healthy", "1: by its own word it can do what it is there for",
                                  {{"connector", name}}));
  shown_->set(condition == Condition::healthy ? 1 : 0);
  if (!changed) return;
  if (condition == Condition::unhealthy)
    log_.warn("connector.unhealthy", {{"connector", name}, {"message", message}});
  else
    log_.info("connector.healthy", {{"connector", name}});
}

} // namespace plugboard::connector
