#include "core/connector/desk.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/connector/examine.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostUnanswered = 4096; // calls that a plugin was given and never completed
constexpr Duration kTooLongHere = std::chrono::milliseconds(50);

} // namespace

Desk::Desk(Office& office, Home& home, std::size_t index)
    : office_(office), home_(home), index_(index), mailbox_(std::make_shared<Mailbox>(home.io, *this)),
      exchanges_(home.http, *mailbox_, home.clock), alarms_(home, *mailbox_), errands_(*mailbox_),
      deadlines_(std::make_unique<Deadlines>(home.io, home.clock, [this](Connector::CallId id) { time_passed(id); })) {}

Desk::CallPtr Desk::find(Connector::CallId id) const {
  const auto found = calls_.find(id);
  return found == calls_.end() ? nullptr : found->second;
}

Connector::CallId Desk::begin(CallPtr call, Deadline deadline) {
  const Instant now = home_.clock.now();
  const Deadline limit = Deadline::after(now, office_.settings.timeout);
  call->id = (next_++ << 8) | index_;
  call->home = index_;
  call->started = now;
  const bool limited = call->subject() == nullptr;
  call->until = limited ? deadline.no_later_than(limit.at()) : deadline;
  call->on_timeout = !limited || deadline.at() <= limit.at() ? Reason::deadline : Reason::connector_timeout;

  if (closed_) return finish(*call, failed(Status::unavailable, Reason::plugin_disabled)), 0;
  if (call->until.passed(now)) return finish(*call, failed(Status::timeout, call->on_timeout)), 0;
  Turnstile& turnstile = office_.border.turnstile();
  if (office_.border.calls().size() >= kMostUnanswered + turnstile.places()) {
    office_.log.noticed("plugin.protocol", "it keeps thousands of calls that it never completed: no more are given to "
                                           "it; mend the plugin and restart");
    return finish(*call, failed(Status::unavailable, Reason::overloaded)), 0;
  }
  const Turnstile::Entry entry = turnstile.enter({index_, call->id});
  if (!entry.admitted && entry.ticket == 0)
    return finish(*call, failed(Status::unavailable, Reason::overloaded, "too many calls wait already")), 0;

  call->ticket = entry.ticket;
  const Connector::CallId id = call->id;
  OnExit entering([&] { // can't be noted for want of memory: it gives back the place that it has, or waits for
    forget(*call);
    if (entry.admitted)
      office_.border.leave();
    else // false: it was admitted just now, and admitted() will give the place back
      static_cast<void>(turnstile.give_up(call->ticket));
  });
  calls_.emplace(id, call);
  deadlines_->add(call->until, id);
  entering.dismiss();
  office_.tally.running(turnstile.running(), turnstile.waiting());
  if (entry.admitted) start(call, now);
  return id;
}

void Desk::start(const CallPtr& call, Instant now) {
  call->ticket = 0;
  call->request.deadline_ns = call->until.left(now).count();
  office_.border.expect_answer(*call, office_.pool != nullptr);
  insist([&] { call->handle = office_.border.calls().put(call); }); // else its place would be taken for ever
  if (office_.pool != nullptr)
    call_elsewhere(call);
  else
    call_here(*call, now);
}

void Desk::call_here(OpenCall& call, Instant now) {
  {
    const Mailbox::Visit visit(*mailbox_);
    if (!office_.plugin->call(call.request, call.handle)) office_.border.threw(call.handle);
  }
  const Duration took = home_.clock.now() - now;
  if (took > kTooLongHere) {
    insist([&] { // else what it answered would wait for the next call's answers
      office_.log.noticed("plugin.blocks", "its manifest says async, but it kept a thread of the hub for " +
                                               std::to_string(milliseconds(took)) + " ms: make it \"blocking\"");
    });
  }
  mailbox_->deliver();
}

void Desk::call_elsewhere(const CallPtr& call) {
  const auto task = [&office = office_, call, handle = call->handle] {
    if (call->over)
      static_cast<void>(office.border.calls().take(handle)); // its time passed before its turn came
    else if (!office.plugin->call(call->request, handle))
      office.border.threw(handle);
    office.border.release(*call);
  };
  insist([&] { office_.pool->run(task); });
}

void Desk::receive(Message message) {
  if (auto* reply = std::get_if<Arrived>(&message)) return arrived(std::move(*reply));
  if (auto* place = std::get_if<Admitted>(&message)) return admitted(*place);
  if (auto* alarm = std::get_if<std::unique_ptr<Alarm>>(&message)) return asked(std::move(*alarm));
  if (auto* errand = std::get_if<std::unique_ptr<Errand>>(&message)) return asked(std::move(*errand));
  if (auto* over = std::get_if<ErrandOver>(&message)) return errands_.over(std::move(*over));
  asked(std::move(std::get<std::unique_ptr<Exchange>>(message)));
}

void Desk::arrived(Arrived arrived) {
  const CallPtr call = find(arrived.call);
  if (call == nullptr) return office_.tally.late();
  forget(*call);
  judge(*call, std::move(arrived.reply));
}

void Desk::admitted(Admitted admitted) {
  const CallPtr call = find(admitted.call);
  const Instant now = home_.clock.now();
  if (call != nullptr && !closed_ && !call->until.passed(now)) return start(call, now);
  office_.border.leave();                 // too late for it: the next, please
  if (call == nullptr || closed_) return; // over already, or about to be
  forget(*call);
  finish(*call, failed(Status::timeout, call->on_timeout));
}

void Desk::asked(std::unique_ptr<Exchange> exchange) {
  const CallPtr call = find(exchange->call);
  if (closed_ || (exchange->call != 0 && call == nullptr)) return exchanges_.refuse(std::move(exchange));
  if (exchange->throttle != nullptr) exchange->held = exchange->throttle->enter(home_.clock.now());
  if (call != nullptr) call->held = std::max(call->held, exchange->held);
  const std::uint64_t id = exchanges_.begin(std::move(exchange));
  if (call != nullptr && id != 0) call->exchanges.push_back(id);
}

void Desk::asked(std::unique_ptr<Alarm> alarm) {
  const CallPtr call = find(alarm->call);
  if (closed_ || (alarm->call != 0 && call == nullptr)) return alarms_.refuse(std::move(alarm));
  const std::uint64_t id = alarms_.begin(std::move(alarm));
  if (call != nullptr && id != 0) call->alarms.push_back(id);
}

void Desk::asked(std::unique_ptr<Errand> errand) {
  const CallPtr call = find(errand->call);
  if (closed_ || (errand->call != 0 && call == nullptr)) return errands_.refuse(std::move(errand));
  const std::uint64_t id = errands_.begin(std::move(errand));
  if (call != nullptr && id != 0) call->errands.push_back(id);
}

void Desk::time_passed(Connector::CallId id) {
  const CallPtr call = find(id);
  if (call == nullptr) return;
  forget(*call);
  withdraw(*call);
  finish(*call, failed(Status::timeout, call->on_timeout));
}

void Desk::cancel(Connector::CallId id) {
  const CallPtr call = find(id);
  if (call == nullptr) return;
  std::visit([](auto& done) { done = nullptr; }, call->on_answer);
  forget(*call);
  withdraw(*call);
  office_.tally.cancelled();
  office_.tally.running(office_.border.turnstile().running(), office_.border.turnstile().waiting());
}

void Desk::close() {
  closed_ = true;
  mailbox_->finish();
  while (!calls_.empty()) {
    const CallPtr call = calls_.begin()->second;
    forget(*call);
    withdraw(*call);
    finish(*call, failed(Status::unavailable, Reason::plugin_disabled));
  }
  exchanges_.cancel_all();
  alarms_.close();
  errands_.close();
  deadlines_.reset();
}

void Desk::forget(OpenCall& call) {
  call.over = true;
  deadlines_->remove(call.until, call.id);
  calls_.erase(call.id);
}

void Desk::withdraw(OpenCall& call) {
  if (call.handle == nullptr) { // false: it was admitted, and admitted() will give the place back
    static_cast<void>(office_.border.turnstile().give_up(call.ticket));
    return;
  }
  office_.border.answer_settled(call);
  if (office_.border.calls().find(call.handle).call != nullptr) {
    if (office_.hints != nullptr) {
      office_.hints->run([plugin = office_.plugin, handle = call.handle] { plugin->cancel(handle); });
    } else {
      const Mailbox::Visit visit(*mailbox_);
      office_.plugin->cancel(call.handle);
    }
  }
  cancel_services(call);
  mailbox_->deliver();
}

void Desk::cancel_services(OpenCall& call) {
  for (const std::uint64_t id : std::exchange(call.alarms, {})) alarms_.cancel(id);
  for (const std::uint64_t id : std::exchange(call.errands, {})) errands_.cancel(id);
  for (const std::uint64_t id : std::exchange(call.exchanges, {})) exchanges_.cancel(id);
}

} // namespace plugboard::connector
