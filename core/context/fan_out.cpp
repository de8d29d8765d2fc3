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

FanOut::FanOut(std::shared_ptr<const Catalog> catalog, std::vector<connector::Connector*> connectors, Request request,
               connector::Home& home)
    : catalog_(std::move(catalog)), connectors_(std::move(connectors)), request_(std::move(request)), home_(home),
      gather_(catalog_, make_plan(*catalog_, positions(request_.asked), request_.known, request_.proved),
              request_.known, closing_time(request_)),
      timer_(home.io.get_executor()), calls_(catalog_->sections().size(), 0) {}

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
    case Action::Kind::cancel: {
      auto& call = calls_[action.section];
      if (call) connectors_[catalog_->sections()[action.section].connector]->cancel(std::exchange(call, 0));
      break;
    }
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

void FanOut::ask(const Action& action) {
  if (!gather_.running(action.section)) return; // an answer that came at once has made this one needless
  const auto& section = catalog_->sections()[action.section];
  connector::LookupRequest lookup{request_.tenant,     request_.purpose,     request_.actor,  request_.language,
                                  request_.context_id, request_.traceparent, section.section, action.identifiers};
  for (const auto& asked : request_.asked)
    if (asked.section == action.section) lookup.params = asked.params;
  Deadline closing(closing_time(request_));
  auto call = connectors_[section.connector]->lookup(
      std::move(lookup), closing, home_, [self = shared_from_this(), at = action.section](connector::Outcome outcome) {
        self->calls_[at] = 0;
        self->happen([&] { self->gather_.arrived(at, std::move(outcome), self->home_.clock.now(), self->actions_); });
      });
  // An answer that came before lookup returned has settled this section: then there is nothing left to cancel.
  if (gather_.running(action.section)) calls_[action.section] = call;
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
  if (auto done = std::exchange(done_, nullptr)) done({gather_.take_results(), gather_.conflicts()});
}

} // namespace plugboard::context
