#include "core/connector/worker_keeper.hpp"

#include "core/base/on_exit.hpp"
#include "core/connector/abi_text.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/on_home.hpp"
#include "core/connector/tally.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <unistd.h>
#include <utility>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kTimeToStop = seconds(3);
constexpr Duration kTimeToEnd = milliseconds(200); // after it hung up, before it is killed
constexpr Duration kProbeEvery = seconds(5);
constexpr Duration kCancelGrace = milliseconds(1'500);
constexpr Duration kLookEvery = milliseconds(250);

Reply reply_of(Verdict verdict) {
  Reply reply;
  reply.verdict = verdict;
  return reply;
}

plugboard_call* handle_of(std::uint64_t number) {
  return reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(number));
}

std::uint64_t number_of(plugboard_call* handle) {
  return reinterpret_cast<std::uintptr_t>(handle);
}

} // namespace

WorkerKeeper::WorkerKeeper(const WorkerParts& parts, int plugin)
    : parts_(parts), home_index_(std::hash<std::string>()(parts.settings.name) % parts.homes.size()),
      home_(*parts.homes[home_index_]), plugin_(plugin), files_(parts.granted_files, parts.files, in_flight_),
      record_(parts.settings, parts.workers, parts.metrics),
      tunnels_(parts.servers, home_, parts.log, parts.metrics, parts.settings.name), crash_loop_(parts.workers.random),
      idle_talk_(home_.clock.now()), patience_(home_.io), probing_(home_.io), watching_(home_.io) {}

WorkerKeeper::~WorkerKeeper() {
  ::close(plugin_);
}

Result<void> WorkerKeeper::start(std::string_view config) {
  config_ = config;
  files_.watch();
  boost::asio::post(home_.io, [self = shared_from_this()] { self->launch(); });
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return first_.has_value(); });
  return *first_;
}

void WorkerKeeper::fulfil(Result<void> outcome) {
  const std::lock_guard lock(mutex_);
  if (!first_) first_ = std::move(outcome);
  changed_.notify_all();
}

void WorkerKeeper::arm(boost::asio::steady_timer& timer, Duration after, void (WorkerKeeper::*then)()) {
  timer.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(after));
  timer.async_wait([self = shared_from_this(), then](const boost::system::error_code& error) {
    if (!error) (self.get()->*then)();
  });
}

void WorkerKeeper::give_up_waiting() {
  if (process_ != nullptr) process_->kill();
}

void WorkerKeeper::received(const wire::Frame& frame) {
  const std::string_view wrong = serve(frame);
  if (!wrong.empty()) broke_rules(wrong);
}

std::string_view WorkerKeeper::serve(const wire::Frame& frame) {
  switch (phase_) {
  case Phase::launching:
    if (frame.type == wire::Type::launched) return launched(frame.body);
    return "its launcher spoke out of turn";
  case Phase::greeting:
    if (frame.type == wire::Type::hello) return greeted(frame.body);
    return "it spoke before it greeted";
  default:
    break;
  }
  switch (frame.type) {
  case wire::Type::started:
    if (phase_ != Phase::setting_up) return "it said twice that it started";
    came_up();
    return {};
  case wire::Type::refused: {
    if (phase_ != Phase::setting_up) return "it refused after it had started";
    const auto refused = wire::read_refused(frame.body);
    refuse(refused ? std::string(refused->message) : "it refused to start");
    return {};
  }
  case wire::Type::reply:
    return answered(frame.body);
  case wire::Type::log:
    heard_idle_talk();
    return services_->log(frame.body);
  case wire::Type::http_send:
    return services_->http_send(frame.body);
  case wire::Type::secret_get:
    heard_idle_talk();
    return services_->secret_get(frame.body);
  case wire::Type::alarm:
    return services_->alarm_set(frame.body);
  case wire::Type::measured:
    heard_idle_talk();
    return services_->measured(frame.body);
  case wire::Type::kv_ask:
    return services_->kv_ask(frame.body);
  case wire::Type::secret_replace:
    return services_->secret_replace(frame.body);
  case wire::Type::token_ask:
    return services_->token_ask(frame.body);
  case wire::Type::token_refused:
    heard_idle_talk();
    return services_->token_refused(frame.body);
  case wire::Type::pong: {
    const auto pong = wire::read_ping(frame.body);
    if (!pong || pong->number != probe_ || probe_answered_ == probe_) return "it answered a health probe that was none";
    probe_answered_ = probe_;
    return {};
  }
  case wire::Type::stopped:
    if (phase_ != Phase::stopping) return "it said that it stopped, which nobody asked of it";
    return {};
  default:
    return "it sent a frame that no worker sends";
  }
}

std::string_view WorkerKeeper::answered(std::string_view body) {
  auto answer = wire::read_answer(body);
  if (!answer || answer->reply.data.size() > parts_.settings.max_reply_bytes) return "it sent an answer that is none";
  if (!in_flight_.answered(answer->handle)) return "it answered a call that it does not have";
  crash_loop_.answered();
  record_.answered();
  static_cast<void>(parts_.border.completed(handle_of(answer->handle), std::move(answer->reply)));
  return {};
}

void WorkerKeeper::heard_idle_talk() {
  link_->rest(idle_talk_.said(home_.clock.now()));
}

void WorkerKeeper::call(const plugboard_request& request, plugboard_call* handle) {
  const std::uint64_t number = number_of(handle);
  if (const auto link =
          in_flight_.begin(number, Deadline::after(home_.clock.now(), Duration(request.deadline_ns)).at())) {
    OnExit never_sent([&] { static_cast<void>(in_flight_.answered(number)); });
    link->send([&](std::string& out) { wire::write_call(out, number, request); });
    return never_sent.dismiss();
  }
  const bool open = record_.state() == WorkerState::breaker_open;
  static_cast<void>(parts_.border.completed(handle, reply_of(open ? Verdict::breaker_open : Verdict::starting)));
}

void WorkerKeeper::cancel(plugboard_call* handle) {
  const std::uint64_t number = number_of(handle);
  const auto link = in_flight_.cancelled(number, home_.clock.now());
  if (link == nullptr) return;
  link->send([&](std::string& out) { wire::write(out, wire::Cancel{number}); });
  boost::asio::post(home_.io, [self = shared_from_this()] {
    if (std::exchange(self->watches_cancelled_, true)) return;
    self->arm(self->watching_, kLookEvery, &WorkerKeeper::watch_cancelled);
  });
}

void WorkerKeeper::watch_cancelled() {
  watches_cancelled_ = false;
  if (phase_ != Phase::up || !in_flight_.any_cancelled()) return;
  if (in_flight_.ignores_cancel(home_.clock.now(), kCancelGrace))
    return kill("it went on with a call that was cancelled", Verdict::crashed);
  watches_cancelled_ = true;
  arm(watching_, kLookEvery, &WorkerKeeper::watch_cancelled);
}

void WorkerKeeper::probe() {
  if (phase_ != Phase::up) return;
  if (probe_answered_ != probe_) return kill("it did not answer a health probe", Verdict::crashed);
  ++probe_;
  link_->send([this](std::string& out) { wire::write(out, wire::Type::ping, wire::Ping{probe_}); });
  probe_later();
  measure();
}

void WorkerKeeper::probe_later() {
  arm(probing_, kProbeEvery, &WorkerKeeper::probe);
}

void WorkerKeeper::measure() {
  if (auto why = record_.measure(); !why.empty()) kill(std::move(why), Verdict::crashed);
}

void WorkerKeeper::hung_up() {
  if (phase_ == Phase::stopping) return link_->close(); // as it should
  go_down(Verdict::crashed);
  arm(patience_, kTimeToEnd, &WorkerKeeper::give_up_waiting);
}

void WorkerKeeper::broke_rules(std::string_view how) {
  parts_.log.noticed("plugin.protocol", how);
  parts_.border.services().tally->violated(Violation::broke_wire);
  kill(std::string(how), Verdict::broke_protocol);
}

void WorkerKeeper::kill(std::string why, Verdict verdict) {
  if (phase_ == Phase::down || phase_ == Phase::stopped) return;
  why_killed_ = std::move(why);
  const bool stopping = phase_ == Phase::stopping;
  go_down(verdict);
  if (stopping) phase_ = Phase::stopping;
  if (process_ != nullptr) process_->kill();
}

void WorkerKeeper::go_down(Verdict verdict) {
  if (phase_ != Phase::stopping) {
    phase_ = Phase::down;
    record_.became(WorkerState::waiting);
  }
  patience_.cancel();
  probing_.cancel();
  watching_.cancel();
  watches_cancelled_ = false;
  if (link_ != nullptr) link_->close();
  const auto left = in_flight_.close();
  for (const std::uint64_t call : left) static_cast<void>(parts_.border.completed(handle_of(call), reply_of(verdict)));
  services_.reset();
  link_.reset();
  tunnels_.close();
}

void WorkerKeeper::await_end() {
  end_ = std::make_unique<boost::asio::posix::stream_descriptor>(home_.io, ::dup(process_->descriptor()));
  end_->async_wait(boost::asio::posix::stream_descriptor::wait_read,
                   [self = shared_from_this()](const boost::system::error_code& error) {
                     if (error || self->process_ == nullptr) return;
                     if (const auto how = self->process_->how_it_ended()) self->ended(*how);
                   });
}

void WorkerKeeper::ended(const std::string& how) {
  const bool stopping = phase_ == Phase::stopping;
  if (phase_ != Phase::down) go_down(Verdict::crashed);
  patience_.cancel();
  end_.reset();
  process_.reset();
  const std::string words = record_.ended(how, why_killed_, home_.clock.wall(), !stopping);
  {
    const std::lock_guard lock(mutex_);
    gone_ = stopping || !first_ || !*first_;
    if (gone_) record_.became(WorkerState::stopped);
  }
  fulfil(fail(Code::invalid_argument, "its worker ended before it had started: " + words));
  changed_.notify_all();
  if (stopping || gone_) {
    phase_ = Phase::stopped;
    return;
  }
  const Duration pause = crash_loop_.went_down(home_.clock.now());
  parts_.log.noticed("plugin.worker_down",
                     words + "; the next start is in " + std::to_string(pause / milliseconds(1)) + " ms");
  restart_after(pause);
}

void WorkerKeeper::restart_after(Duration pause) {
  record_.became(crash_loop_.is_open() ? WorkerState::breaker_open : WorkerState::waiting);
  arm(patience_, pause, &WorkerKeeper::launch);
}

void WorkerKeeper::stop() {
  std::shared_ptr<PendingLaunch> under_way;
  const auto begin = [this, &under_way] {
    if (phase_ == Phase::stopping || phase_ == Phase::stopped) return;
    const bool was_up = phase_ == Phase::up;
    patience_.cancel();
    if (process_ == nullptr) {
      under_way = std::exchange(pending_, nullptr);
      phase_ = Phase::stopped;
      const std::lock_guard lock(mutex_);
      gone_ = true;
      return;
    }
    phase_ = Phase::stopping;
    if (was_up && link_ != nullptr)
      link_->send([](std::string& out) { wire::write_bare(out, wire::Type::stop); });
    else
      process_->kill();
  };
  run_on_home(home_, begin);
  if (under_way != nullptr) under_way->call_off();
  const auto gone = [this](Duration patience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [this] { return gone_; });
  };
  if (!gone(kTimeToStop)) {
    run_on_home(home_, [this] { kill("it did not stop", Verdict::crashed); });
    static_cast<void>(gone(seconds(1)));
  }
  std::unique_ptr<WorkerProcess> left;
  run_on_home(home_, [this, &left] { // whoever runs the home, or nobody: nothing of it is left after this
    go_down(Verdict::crashed);
    phase_ = Phase::stopped;
    end_.reset();
    left = std::move(process_);
  });
  left.reset(); // killed and waited for, if it is still there: here, where nobody else waits
  record_.became(WorkerState::stopped);
}

} // namespace plugboard::connector
