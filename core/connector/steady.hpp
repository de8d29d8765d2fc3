// A connector around another, that keeps its system from being asked too much and its askers from waiting in vain: a
// breaker, a limit on calls at once, retries and hedges within budgets. What happens to worker processes is dealt with
// beneath (crash_loop); this looks at the systems behind them. One a connector, for all homes.
#pragma once

#include "core/connector/health_watch.hpp"
#include "core/connector/steady_lane.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace plugboard::connector {

class Steady final : public Connector {
 public:
  // By inner's settings. random and homes outlive it.
  Steady(std::unique_ptr<Connector> inner, std::vector<Home*> homes, Random& random, Log& log, Metrics& metrics);
  ~Steady() override;

  const Settings& settings() const override { return inner_->settings(); }

  Counts counts() const override;

  State state() const override { return inner_->state(); }

  Containment containment() const override { return inner_->containment(); }

  Steadiness steadiness() const override;

  Health health() const override { return health_->now(); }

  CallId lookup(LookupRequest request, Deadline deadline, Home& home, std::function<void(Outcome)> done) override;
  // Once each: what is not idempotent is never made again.
  CallId authenticate(AuthenticateRequest request, Deadline deadline, Home& home, AuthenticateDone done) override;
  CallId logout(LogoutRequest request, Deadline deadline, Home& home, LogoutDone done) override;
  CallId subject(SubjectRequest request, Deadline deadline, Home& home, SubjectDone done) override;
  // Past all that holds calls back: it says nothing of the system, and opens no breaker.
  CallId check_health(Deadline deadline, Home& home, HealthDone done) override;
  void cancel(CallId id) override;
  void stop() override;

 private:
  template <class Request, class Answer>
  CallId pass_on(Request request, Deadline deadline, Home& home, std::function<void(Answer)> done,
                 CallId (Connector::*how)(Request, Deadline, Home&, std::function<void(Answer)>));
  SteadyLane& lane_of(const Home& home);

  const std::unique_ptr<Connector> inner_;
  const std::vector<Home*> homes_;
  const Clock& clock_;
  Restraint restraint_;
  SteadyTally tally_;
  SteadyLane::Shop shop_;
  const std::shared_ptr<HealthWatch> health_;
  std::once_flag closed_;
};

} // namespace plugboard::connector
