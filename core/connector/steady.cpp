#include "core/connector/steady.hpp"

#include "core/base/assert.hpp"
#include "core/connector/examine.hpp"
#include "core/connector/on_home.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr Connector::CallId kPassedOn = Connector::CallId{1} << 63; // the inner connector's own number

template <class Answer>
Symptom symptom_of(const Answer& answer, Duration took, Duration slow) {
  if (answer || answer.error().credential) return Symptom::answered;
  return connector::symptom_of(answer.error().outcome, took, slow);
}

} // namespace

Steady::Steady(std::unique_ptr<Connector> inner, std::vector<Home*> homes, Random& random, Log& log, Metrics& metrics)
    : inner_(std::move(inner)), homes_(std::move(homes)), clock_(homes_.at(0)->clock),
      restraint_(settings().steady, settings().sections.size(), places_for_calls(settings()), random),
      tally_(settings().name, log, metrics), shop_{*inner_, restraint_, tally_},
      health_(std::make_shared<HealthWatch>(*inner_, *homes_[std::hash<std::string>()(settings().name) % homes_.size()],
                                            random, log, metrics)) {
  for (std::size_t i = 0; i < homes_.size(); ++i)
    shop_.lanes.push_back(std::make_shared<SteadyLane>(shop_, *homes_[i], i));
  health_->begin();
}

Steady::~Steady() {
  stop();
}

Counts Steady::counts() const {
  Counts counts = inner_->counts();
  counts.waiting += restraint_.waiting();
  return counts;
}

Steadiness Steady::steadiness() const {
  std::vector<std::string> names;
  for (const SectionSpec& section : settings().sections) names.push_back(section.name);
  Steadiness steadiness = restraint_.now(clock_.now(), names);
  tally_.add_to(steadiness);
  return steadiness;
}

SteadyLane& Steady::lane_of(const Home& home) {
  const auto found = std::find(homes_.begin(), homes_.end(), &home);
  PLUGBOARD_ASSERT(found != homes_.end()); // a home that this connector was not started with
  return *shop_.lanes[static_cast<std::size_t>(found - homes_.begin())];
}

Connector::CallId Steady::lookup(LookupRequest request, Deadline deadline, Home& home,
                                 std::function<void(Outcome)> done) {
  return lane_of(home).begin(std::move(request), deadline, std::move(done));
}

template <class Request, class Answer>
Connector::CallId Steady::pass_on(Request request, Deadline deadline, Home& home, std::function<void(Answer)> done,
                                  CallId (Connector::*how)(Request, Deadline, Home&, std::function<void(Answer)>)) {
  SteadyLane& lane = lane_of(home);
  Restraint::Ward& ward = lane.ward_of(request.tenant);
  const Instant started = lane.now();
  const auto entry = restraint_.knock(ward, started);
  if (!entry.admitted) {
    tally_.refused_by_breaker();
    done(Answer(Rejected{false, left_alone(entry.retry_after), std::nullopt}));
    return 0;
  }
  const std::size_t section = settings().sections.size(); // what is no lookup
  auto judged = [this, &lane, &ward, started, section, probe = entry.probe, done = std::move(done)](Answer answer) {
    const Symptom symptom = symptom_of(answer, lane.now() - started, restraint_.slow(section));
    lane.leave(ward, {section, symptom, true, probe, started, false});
    done(std::move(answer));
  };
  const CallId id = (inner_.get()->*how)(std::move(request), deadline, home, std::move(judged));
  return id == 0 ? 0 : id | kPassedOn;
}

Connector::CallId Steady::authenticate(AuthenticateRequest request, Deadline deadline, Home& home,
                                       AuthenticateDone done) {
  return pass_on<AuthenticateRequest, Authenticated>(std::move(request), deadline, home, std::move(done),
                                                     &Connector::authenticate);
}

Connector::CallId Steady::logout(LogoutRequest request, Deadline deadline, Home& home, LogoutDone done) {
  return pass_on<LogoutRequest, Logout>(std::move(request), deadline, home, std::move(done), &Connector::logout);
}

Connector::CallId Steady::subject(SubjectRequest request, Deadline deadline, Home& home, SubjectDone done) {
  return pass_on<SubjectRequest, Subject>(std::move(request), deadline, home, std::move(done), &Connector::subject);
}

Connector::CallId Steady::check_health(Deadline deadline, Home& home, HealthDone done) {
  const CallId id = inner_->check_health(deadline, home, std::move(done));
  return id == 0 ? 0 : id | kPassedOn;
}

void Steady::cancel(CallId id) {
  if (id == 0) return;
  if ((id & kPassedOn) != 0) return inner_->cancel(id & ~kPassedOn);
  shop_.lanes.at(SteadyLane::home_of(id))->cancel(id);
}

void Steady::stop() {
  std::call_once(closed_, [this] {
    health_->close();
    for (std::size_t i = 0; i < homes_.size(); ++i) run_on_home(*homes_[i], [&] { shop_.lanes[i]->close(); });
  });
  inner_->stop();
}

} // namespace plugboard::connector
