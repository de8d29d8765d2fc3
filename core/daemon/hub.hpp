// The whole house, built by hand: every room is made here and handed to those who need it. One a process. Its own
// thread holds the admin's side: signals, admin socket, reload, tending; IoThreads hold the agents'.
#pragma once

#include "core/api/admin_api.hpp"
#include "core/api/prefetches.hpp"
#include "core/audit/reports.hpp"
#include "core/audit/trail.hpp"
#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"
#include "core/context/answers.hpp"
#include "core/daemon/build.hpp"
#include "core/daemon/config.hpp"
#include "core/daemon/io_thread.hpp"
#include "core/daemon/spare_memory.hpp"
#include "core/http/server_tls.hpp"
#include "core/session/audited_sessions.hpp"
#include "core/session/bad_tries.hpp"
#include "core/session/clients.hpp"
#include "core/session/continuations.hpp"
#include "core/session/kept_values.hpp"
#include "core/session/replaced_secrets.hpp"
#include "core/session/sessions.hpp"
#include "core/store/database.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <memory>
#include <vector>

namespace plugboard::daemon {

class Hub {
 public:
  // config_path: read again at each SIGHUP.
  Hub(std::string config_path, Log& log);
  ~Hub();

  // Builds everything and serves until SIGTERM or SIGINT. Result: the process's exit code.
  int run();

 private:
  bool load(Config& config, Judged& judged); // false: faults, all logged
  bool open_store(const Config& config, Judged& judged);
  bool open_trail(const Config& config, const std::map<std::string, Secret>& keys);
  void put_on_record(const session::Alarm& alarm);
  bool open_kept();
  void give_kept(connector::Settings& settings);
  void prepare_workers(const Config& config);
  bool start_threads(const Config& config);
  bool listen(const Config& config);
  bool listen_agents(const Config& config);
  bool listen_admin(const Config& config);
  api::GenerationPtr build_generation(const Config& config, Judged& judged, std::vector<json::Fault>& faults);
  std::shared_ptr<connector::Connector> carried_over(std::size_t index, const Judged& judged) const;
  std::shared_ptr<connector::Connector> started(connector::Settings settings, Result<void>& outcome);
  void run_until_stopped(); // the root of the daemon's own thread
  void await_signals();
  void await_next_signal();
  void await_tending();
  void reload();
  void warn(std::vector<json::Fault> warnings);
  void renew_tls(const http::TlsIdentityPtr& identity);
  void renew_admin_tls(const http::TlsIdentityPtr& identity);
  void serve(const api::GenerationPtr& generation, std::vector<std::string> config_hash);
  void serve_admins(const api::GenerationPtr& generation, const std::vector<api::ConfiguredAdmin>& admins);
  std::unique_ptr<http::Server> admin_listener(const http::Endpoint& endpoint, const http::ServerTls* tls);
  void end_sessions_of_gone(const std::vector<session::ClientPtr>& before);
  void drain();
  void shut_down();
  std::vector<api::PluginListing> plugin_listings() const;

  std::string config_path_;
  const ResolveSecret resolve_ = system_secrets(); // what it took from the environment is there no more
  SystemClock clock_;
  SystemRandom random_;
  Log& log_;
  Metrics metrics_;
  json::Shapes shapes_;
  const std::shared_ptr<connector::Libraries> libraries_ = std::make_shared<connector::Libraries>();
  const std::shared_ptr<connector::Workers> workers_;
  Config config_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<session::Keys> keys_;
  std::unique_ptr<audit::Trail> trail_;
  audit::Reports* reports_ = nullptr; // the same; null: nothing is put on record
  std::unique_ptr<session::Clients> clients_;
  std::unique_ptr<session::Sessions> sessions_;
  std::unique_ptr<session::Continuations> continuations_;
  std::unique_ptr<session::ReplacedSecrets> replaced_secrets_;
  std::shared_ptr<session::KeptValues> kept_values_;
  session::BadTries bad_tries_;
  api::Prefetches prefetches_;
  std::unique_ptr<context::Answers> answers_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_};
  boost::asio::steady_timer tending_{io_};
  SpareMemory spare_memory_;
  boost::asio::steady_timer grace_{io_};
  boost::asio::thread_pool retiring_{1}; // where connectors that nobody uses any more are stopped
  std::vector<std::weak_ptr<connector::Connector>> all_connectors_; // of every generation
  std::atomic<int> live_connectors_{0};
  std::unique_ptr<http::ServerTls> tls_; // of the agents' listeners; null: plain HTTP
  std::vector<std::unique_ptr<IoThread>> threads_;
  api::GenerationPtr generation_;
  std::vector<std::string> config_hash_; // by connector of generation_
  std::vector<json::Fault> warnings_;    // said already
  std::unique_ptr<api::AdminApi> admin_api_;
  std::unique_ptr<http::ServerTls> admin_tls_; // of admins over TCP; null: plain HTTP
  std::unique_ptr<http::Server> admin_server_, admin_tcp_server_, metrics_server_;
  std::uint64_t next_generation_ = 1;
  std::size_t draining_ = 0; // servers that still have connections
  bool stopping_ = false;
};

} // namespace plugboard::daemon
