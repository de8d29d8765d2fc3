#include "core/context/fan_out.hpp"

#include "core/base/on_exit.hpp"

#include <algorithm>

namespace plugboard::context {

namespace {

std::vector<std::size_t> positions(const std::vector<AskedSection>& asked) {
  std::vector<std::size_t> sections;
  sections.reserve(asked.size());
  for (const auto& one : asked) sections.push_back(one.section);
  return sections;
}

Instant closing_time(const Request& request) {
  return request.deadline.at() - reserve_of(request.deadline.at() - request.received);
}

} // namespace

Duration reserve_of(Duration whole) {
  return std::clamp<Duration>(whole / 50, std::chrono::milliseconds(2), std::chrono::milliseconds(20));
}

FanOut::FanOut(std::shared_ptr<const Catalog> catalog, SystemsPtr systems, Request request, connector::Home& home)
    : catalog_(std::move(catalog)), systems_(std::move(systems)), request_(std::move(request)),
      caller_(caller_of(request_)), home_(home),
      gather_(catalog_, make_plan(*catalog_, positions(request_.asked), request_.known, request_.proved),
              request_.known, closing_time(request_)),
      timer_(home.io.get_executor()), pending_(catalog_->sections().size()),
      customer_(systems_->answers.mark(request_.tenant, request_.customer)) {
  for (const auto& asked : request_.asked) pending_[asked.section].params = &asked.params;
}

void FanOut::start(std::function<void(Gathered)> done) {
  done_ = std::move(done);
  happen([this] { gather_.begin(home_.clock.now(), actions_); });
}

void FanOut::cancel() {
  done_ = nullptr;
  happen([this] { gather_.cancelled(home_.clock.now(), actions_); });
}

// An action may lead to the next event at once (a plugin that answers from memory): its actions queue up behind.
template <class Event>
void FanOut::happen(Event&& event) {
  auto self = shared_from_this(); // the last action may drop the request's reference
  // When memory ends in the middle of it, nobody is told the rest: whoever waits is let go, which closes or answers it.
  // He may hold this fan-out as it holds him, so nothing else would part them.
  OnExit unfinished([this] {
    actions_.clear();
    timer_.cancel();
    const auto waiting = std::exchange(done_, nullptr);
  });
  const bool outermost = !std::exchange(happening_, true);
  const OnExit happened([&] {
    if (outermost) happening_ = false;
  });
  event();
  if (outermost) carry_out();
  unfinished.dismiss();
}

void FanOut::carry_out() {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    auto action = std::move(actions_[i]);
    switch (action.kind) {
    case Action::Kind::start:
      ask(action);
      break;
    case Action::Kind::cancel:
      give_up(action.section);
      break;
    case Action::Kind::arm:
      arm(action.at);
      break;
    case Action::Kind::finish:
      finish();
      break;
    }
  }
  actions_.clear();
}

void FanOut::ask(Action& action) {
  if (!gather_.running(action.section)) return; // an answer that came at once has made this one needless
  const auto& section = catalog_->sections()[action.section];
  const auto* given = pending_[action.section].params;
  const std::string_view params = given != nullptr ? std::string_view(*given) : "{}";
  if (section.is_derived) return call(action, std::string(params));
  const Question question{.source = systems_->sources[section.connector],
                          .section = section.section,
                          .tenant = request_.tenant,
                          .language = request_.language,
                          .purpose = request_.purpose,
                          .actor = request_.actor,
                          .params = params,
                          .identifiers = action.identifiers};
  auto found = systems_->answers.ask(
      question, systems_->connectors[section.connector],
      {shared_from_this(), action.section, &home_, Deadline(closing_time(request_)), customer_}, request_.max_age);
  if (found.outcome) return answered(action.section, std::move(*found.outcome));
  auto& pending = pending_[action.section];
  pending.fallback = std::move(found.fallback);
  pending.fallback_until = found.fallback_until;
  if (!found.flight) return call(action, std::string(params));
  // An answer that came already has settled this section: then there is nothing left to wait for.
  if (gather_.running(action.section)) pending.flight = std::move(found.flight);
}

// Nobody else's business: the answer is neither shared nor kept. Nor is ever one that was computed from others, which
// may be kept themselves.
void FanOut::call(Action& action, std::string params) {
  const auto& section = catalog_->sections()[action.section];
  connector::LookupRequest lookup{caller_, section.section, std::move(action.identifiers), std::move(params),
                                  std::move(action.inputs)};
  const auto call = systems_->connectors[section.connector]->lookup(
      std::move(lookup), Deadline(closing_time(request_)), home_,
      [self = shared_from_this(), at = action.section](connector::Outcome outcome) {
        self->answered(at, std::move(outcome));
      });
  // An answer that came before lookup returned has settled this section: then there is nothing left to cancel.
  if (gather_.running(action.section)) pending_[action.section].call = call;
}

void FanOut::answered(std::size_t section, connector::Outcome outcome) {
  auto& pending = pending_[section];
  pending.call = 0;
  pending.flight = nullptr;
  if (!done_) return; // nobody waits any more
  happen([&] { gather_.arrived(section, or_stale(pending, std::move(outcome)), home_.clock.now(), actions_); });
}

void FanOut::give_up(std::size_t section) {
  auto& pending = pending_[section];
  if (const auto call = std::exchange(pending.call, 0))
    systems_->connectors[catalog_->sections()[section].connector]->cancel(call);
  if (const auto flight = std::exchange(pending.flight, nullptr)) systems_->answers.leave(flight, *this, section);
}

connector::Outcome FanOut::or_stale(Pending& pending, connector::Outcome outcome) {
  const Instant now = home_.clock.now();
  if (!pending.fallback || now > pending.fallback_until || !may_be_stale_for(outcome)) return outcome;
  systems_->sources[catalog_->sections()[&pending - pending_.data()].connector]->stale.add();
  return stale_instead(*std::exchange(pending.fallback, std::nullopt), outcome, now);
}

void FanOut::arm(Instant at) {
  timer_.expires_at(std::chrono::time_point_cast<std::chrono::steady_clock::duration>(at));
  timer_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    if (error) return;
    self->happen([&] { self->gather_.timer(self->home_.clock.now(), self->actions_); });
  });
}

void FanOut::finish() {
  timer_.cancel();
  auto done = std::exchange(done_, nullptr);
  if (!done) return;
  Gathered gathered{gather_.take_results(), gather_.conflicts()};
  for (auto& result : gathered.results) // what did not come in time may have been told before
    if (auto& pending = pending_[result.section]; pending.fallback)
      result.outcome = or_stale(pending, std::move(result.outcome));
  done(std::move(gathered));
}

} // namespace plugboard::context
