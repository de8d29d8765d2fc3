#include "core/base/insist.hpp"
#include "core/daemon/hub.hpp"

#include <boost/asio/post.hpp>

#include <csignal>
#include <exception>
#include <future>
#include <tuple>

// The life of a running hub: signals, reload, drain, and the order in which it ends.
namespace plugboard::daemon {

namespace {

bool same(const http::TcpEndpoint& a, const http::TcpEndpoint& b) {
  return a.address == b.address && a.port == b.port;
}

bool same(const std::optional<http::TcpEndpoint>& a, const std::optional<http::TcpEndpoint>& b) {
  return a && b ? same(*a, *b) : a.has_value() == b.has_value();
}

bool same(const http::ServerLimits& a, const http::ServerLimits& b) {
  const auto configured = [](const http::ServerLimits& limits) {
    return std::tuple(limits.connections, limits.connections_per_address, limits.header_time, limits.write_time,
                      limits.idle_time);
  };
  return configured(a) == configured(b);
}

// Members of the configuration that are not what the hub runs with, though a reload leaves them: "data_dir, sessions".
std::string changes_only_with_a_restart(const Config& running, const Config& read) {
  const std::pair<bool, std::string_view> members[] = {
      {!same(running.agents, read.agents) || running.threads != read.threads ||
           running.tls.has_value() != read.tls.has_value() || !same(running.agent_limits, read.agent_limits),
       "agents"},
      {running.admin.socket != read.admin.socket || !same(running.admin.metrics, read.admin.metrics) ||
           !same(running.admin.listen, read.admin.listen) ||
           running.admin.tls.has_value() != read.admin.tls.has_value(),
       "admin"},
      {running.data_dir != read.data_dir, "data_dir"},
      {running.current_key != read.current_key || running.keys != read.keys, "keys"},
      {running.sessions.absolute != read.sessions.absolute || running.sessions.idle != read.sessions.idle ||
           running.sessions.step_up != read.sessions.step_up,
       "sessions"},
      {running.log_level != read.log_level, "log"},
      {running.overload.queue != read.overload.queue || running.overload.most != read.overload.most, "overload"},
      {running.upstreams_ca != read.upstreams_ca, "upstreams"},
      {!(running.audit == read.audit), "audit"},
      {running.cache_bytes != read.cache_bytes, "cache"},
      {running.sandbox_without != read.sandbox_without, "sandbox"},
  };
  std::string changed;
  for (const auto& [is_changed, member] : members)
    if (is_changed) changed += (changed.empty() ? "" : ", ") + std::string(member);
  return changed;
}

} // namespace

// What an administrator asked for, a reload for example, may fail for want of memory; the hub goes on.
void Hub::run_until_stopped() {
  for (;;) {
    try {
      io_.run();
      return;
    } catch (const std::exception& bug) {
      log_.error("hub.exception", {{"what", bug.what()}});
    }
  }
}

void Hub::await_signals() {
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  signals_.add(SIGHUP);
  await_next_signal();
}

void Hub::await_next_signal() {
  insist([this] {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      await_next_signal(); // first: whatever becomes of this one, the next is heard
      if (signal == SIGHUP)
        reload();
      else if (stopping_)
        io_.stop(); // asked twice: no more waiting
      else
        drain();
    });
  });
}

void Hub::await_tending() {
  tending_.expires_after(std::chrono::seconds(10));
  insist([this] {
    tending_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      await_tending();
      sessions_->tend();
      continuations_->tend();
      kept_values_->tend();
      clients_->tend();
      answers_->tend(clock_.now());
      spare_memory_.tend();
    });
  });
}

// A bad file is refused whole: what runs goes on as it is.
void Hub::reload() {
  if (stopping_) return;
  Config config;
  Judged judged;
  if (!load(config, judged)) {
    log_.error("hub.reload_refused",
               {{"message", "the configuration has faults; the hub goes on with the one it has"}});
    return;
  }
  if (auto changed = changes_only_with_a_restart(config_, config); !changed.empty())
    log_.warn("hub.needs_restart",
              {{"members", changed},
               {"message", "what these say changes only with a restart; the hub goes on with what it started with"}});
  std::vector<json::Fault> faults;
  auto generation = build_generation(config, judged, faults);
  auto clients = std::move(judged.clients);
  const auto clients_before = clients_->list();
  if (generation)
    if (auto configured = clients_->configure(std::move(clients)); !configured)
      faults.push_back({"/clients", configured.error().message});
  if (!generation || !faults.empty()) {
    for (const auto& fault : faults)
      log_.error("config.fault", {{"pointer", fault.pointer}, {"message", fault.message}});
    log_.error("hub.reload_refused",
               {{"message", "the configuration can't be put to use; the hub goes on with the one it has"}});
    return;
  }
  config_.plugins_dir = config.plugins_dir;
  config_.drain_time = config.drain_time;
  serve(generation, std::move(judged.config_hash));
  serve_admins(generation, judged.admins);
  end_sessions_of_gone(clients_before);
  if (tls_) renew_tls(judged.tls);
  if (admin_tls_) renew_admin_tls(judged.admin_tls);
  log_.info("hub.reloaded", {{"generation", static_cast<std::int64_t>(generation->number)},
                             {"connectors", generation->connectors.size()}});
}

void Hub::drain() {
  stopping_ = true;
  log_.info("hub.draining", {{"grace_ms", milliseconds(config_.drain_time)}});
  draining_ = threads_.size();
  for (auto& thread : threads_)
    thread->post([this, thread = thread.get()] {
      thread->agent_api->set_ready(false);
      thread->server->drain([this] {
        boost::asio::post(io_, [this] {
          if (--draining_ == 0) io_.stop();
        });
      });
    });
  grace_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(config_.drain_time));
  grace_.async_wait([this](boost::system::error_code error) {
    if (error) return;
    log_.warn("hub.grace_over", {{"message", "requests are still under way; they are ended now"}});
    io_.stop();
  });
}

// In this order: nobody asks any more, connectors end while their threads still run, then the threads, then the store.
void Hub::shut_down() {
  std::promise<void> done;
  auto finished = done.get_future();
  std::thread watch([this, &finished] {
    if (finished.wait_for(config_.drain_time + std::chrono::seconds(5)) == std::future_status::ready) return;
    log_.error("hub.stop_hangs", {{"message", "a plugin does not stop; leaving without it"}});
    std::_Exit(1);
  });
  admin_server_.reset();
  admin_tcp_server_.reset();
  metrics_server_.reset();
  for (auto& thread : threads_) {
    std::promise<void> closed;
    thread->post([thread = thread.get(), &closed] {
      thread->server.reset();
      if (thread->agent_api)
        thread->agent_api->serve(nullptr); // it lets go of the generation, and lives on for late handlers
      closed.set_value();
    });
    closed.get_future().wait();
  }
  admin_api_.reset();
  generation_.reset();
  // What still runs is ended; its last handler lets go of the connector, which then goes to retiring_.
  for (auto& weak : all_connectors_)
    if (auto connector = weak.lock()) connector->stop();
  for (auto live = live_connectors_.load(); live > 0; live = live_connectors_.load()) live_connectors_.wait(live);
  retiring_.join();
  for (auto& thread : threads_) thread->stop_and_join();
  answers_.reset();
  sessions_.reset();
  continuations_.reset();
  clients_.reset();
  if (replaced_secrets_) replaced_secrets_->stop();
  trail_.reset(); // before the store: a change that it tells to be on record goes on there
  database_.reset();
  kept_values_.reset();
  replaced_secrets_.reset();
  threads_.clear();
  log_.info("hub.stopped");
  done.set_value();
  watch.join();
}

} // namespace plugboard::daemon
