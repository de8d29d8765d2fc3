#include "core/connector/plugged.hpp"

#include "core/base/assert.hpp"
#include "core/connector/examine.hpp"
#include "core/connector/on_home.hpp"
#include "core/connector/worker_keeper.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostInputBytes = std::size_t{4} << 20; // of one call, in whichever process

std::size_t bytes_of(const std::vector<Input>& inputs) {
  std::size_t bytes = 0;
  for (const Input& input : inputs) bytes += input.data.size();
  return bytes;
}

} // namespace

Plugged::Plugged(Parts parts, Log& log, Metrics& metrics)
    : settings_(std::move(parts.settings)), homes_(std::move(parts.homes)), metrics_(metrics),
      log_(settings_.name, log, homes_.at(0)->clock), tally_(metrics, settings_),
      border_(homes_.size(), places_for_calls(settings_), settings_.max_reply_bytes), tcp_grants_(parts.egress),
      http_(border_, std::move(parts.egress), settings_.rates, log_, homes_[0]->clock),
      secrets_(border_, settings_, log_, homes_[0]->clock), tcp_(tcp_grants_, homes_, log_),
      clock_(border_, homes_[0]->clock), counted_(settings_, metrics, log_), kv_(border_, settings_),
      oauth2_(border_, http_, secrets_, log_, homes_[0]->clock), office_{settings_, std::move(parts.shapes), border_,
                                                                         log_, tally_} {
  for (std::size_t i = 0; i < homes_.size(); ++i) desks_.push_back(std::make_unique<Desk>(office_, *homes_[i], i));
  // A worker has threads of its own: for the hub whatever it runs is async.
  if (settings_.plugin.manifest.execution == Execution::async || settings_.isolation != Isolation::in_process) return;
  pool_ = std::make_unique<Pool>(places_for_calls(settings_));
  hints_ = std::make_unique<Pool>(1);
  office_.pool = pool_.get();
  office_.hints = hints_.get();
}

Plugged::~Plugged() {
  stop();
}

Result<void> Plugged::open_files(const std::vector<std::string>& granted) {
  auto files = HostFiles::make(granted, settings_.files_root, settings_.file_poll, log_);
  if (!files) return files.error();
  files_ = std::move(*files);
  granted_files_ = granted;
  return {};
}

Result<std::unique_ptr<Runner>> Plugged::make_runner() {
  if (settings_.isolation == Isolation::in_process) return run_in_process(settings_.plugin, settings_.libraries.get());
  return run_in_worker(
      {settings_, homes_, border_, log_, granted_files_, *files_, *settings_.workers, tcp_grants_, metrics_});
}

Result<void> Plugged::plug() {
  std::vector<std::shared_ptr<Mailbox>> mailboxes;
  for (const auto& desk : desks_) mailboxes.push_back(desk->mailbox());
  border_.open({&log_, &tally_, &http_, files_.get(), &secrets_, &tcp_, &clock_, &counted_, &kv_, &oauth2_},
               std::move(mailboxes));
  auto runner = make_runner();
  if (!runner) return runner.error();
  auto plugin = PluginInstance::make(std::move(*runner), border_.host(), settings_.config);
  if (!plugin) return plugin.error();
  plugin_ = std::move(*plugin);
  office_.plugin = plugin_.get();
  files_->start();
  return {};
}

Counts Plugged::counts() const {
  Counts counts = tally_.counts();
  counts.protocol_violations += border_.after_end();
  counts.in_flight = border_.turnstile().running();
  counts.waiting = border_.turnstile().waiting();
  return counts;
}

Containment Plugged::containment() const {
  return plugin_ == nullptr ? Containment{} : plugin_->containment();
}

Desk& Plugged::desk_of(const Home& home) {
  const auto found = std::find(homes_.begin(), homes_.end(), &home);
  PLUGBOARD_ASSERT(found != homes_.end()); // a home that this connector was not started with
  return *desks_[static_cast<std::size_t>(found - homes_.begin())];
}

Connector::CallId Plugged::lookup(LookupRequest request, Deadline deadline, Home& home, LookupDone done) {
  PLUGBOARD_ASSERT(request.section < settings_.sections.size());
  const SectionSpec& section = settings_.sections[request.section];
  if (bytes_of(request.inputs) > kMostInputBytes)
    return done(failed(Status::invalid, Reason::too_large, "what it is computed from is together over 4 MiB")), 0;
  return desk_of(home).begin(std::make_shared<OpenCall>(std::move(request), section, std::move(done)), deadline);
}

Connector::CallId Plugged::authenticate(AuthenticateRequest request, Deadline deadline, Home& home,
                                        AuthenticateDone done) {
  return desk_of(home).begin(std::make_shared<OpenCall>(std::move(request), std::move(done)), deadline);
}

Connector::CallId Plugged::logout(LogoutRequest request, Deadline deadline, Home& home, LogoutDone done) {
  return desk_of(home).begin(std::make_shared<OpenCall>(std::move(request), std::move(done)), deadline);
}

Connector::CallId Plugged::subject(SubjectRequest request, Deadline deadline, Home& home, SubjectDone done) {
  return desk_of(home).begin(std::make_shared<OpenCall>(std::move(request), std::move(done)), deadline);
}

Connector::CallId Plugged::check_health(Deadline deadline, Home& home, HealthDone done) {
  if (plugin_->may_say_health()) return desk_of(home).begin(std::make_shared<OpenCall>(std::move(done)), deadline);
  done({false, {}, {}});
  return 0;
}

void Plugged::cancel(CallId id) {
  if (id != 0) desks_.at(Desk::home_of(id))->cancel(id);
}

void Plugged::stop() {
  state_ = State::stopped;
  std::call_once(taken_apart_, [this] { take_apart(); });
}

void Plugged::close_desks() {
  for (const auto& desk : desks_) desk->mailbox()->close(); // all first: a place that one gives back starts no call
  for (std::size_t i = 0; i < desks_.size(); ++i) run_on_home(*homes_[i], [&] { desks_[i]->close(); });
}

void Plugged::take_apart() {
  if (files_ != nullptr) files_->stop(); // first: no changed() may come while or after the plugin stops
  close_desks();
  tcp_.stop();
  if (plugin_ != nullptr && !plugin_->stop()) log_.noticed("plugin.protocol", "its stop() threw an exception");
  if (pool_ != nullptr) pool_->join(); // a blocking call returns now, or never: then the daemon's patience decides
  if (hints_ != nullptr) hints_->join();
  for (std::size_t left = border_.calls().size(); left > 0; --left) tally_.violated(Violation::never_completed);
  if (const std::size_t left = border_.calls().size(); left > 0)
    log_.noticed("plugin.protocol", "it stopped with " + std::to_string(left) + " calls that it never completed");
  if (plugin_ != nullptr && !plugin_->destroy()) log_.noticed("plugin.protocol", "its destroy() threw an exception");
  tally_.running(0, 0);
  border_.shut();
}

} // namespace plugboard::connector
