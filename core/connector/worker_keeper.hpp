// Keeps one connector's worker up: starts it, hands calls to it, answers them when it went down, kills it when it hangs
// or breaks the rules, and starts it again. A state machine on one home's thread; calls come from any home's.
#pragma once

#include "core/connector/crash_loop.hpp"
#include "core/connector/host_files.hpp"
#include "core/connector/idle_talk.hpp"
#include "core/connector/in_flight.hpp"
#include "core/connector/pending_launch.hpp"
#include "core/connector/runner.hpp"
#include "core/connector/worker_files.hpp"
#include "core/connector/worker_process.hpp"
#include "core/connector/worker_record.hpp"
#include "core/connector/worker_services.hpp"
#include "core/connector/worker_tunnels.hpp"

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <condition_variable>
#include <functional>
#include <optional>

namespace plugboard::connector {

struct WorkerParts { // all of it outlives the runner
  const Settings& settings;
  const std::vector<Home*>& homes;
  Border& border;
  HostLog& log;
  const std::vector<std::string>& granted_files;
  HostFiles& files;
  Workers& workers;
  const TcpGrants& servers;
  Metrics& metrics;
};

Result<std::unique_ptr<Runner>> run_in_worker(const WorkerParts& parts);

class WorkerKeeper final : public std::enable_shared_from_this<WorkerKeeper>, private WorkerLink::Receiver {
 public:
  // plugin: descriptor of its sealed bytes, taken over.
  WorkerKeeper(const WorkerParts& parts, int plugin);
  ~WorkerKeeper() override;

  Result<void> start(std::string_view config); // [start-up] until it is up, or what the plugin said
  void call(const plugboard_request& request, plugboard_call* handle); // [any home's thread]
  void cancel(plugboard_call* handle);                                 // [any home's thread]
  void stop();                                                         // [not an I/O thread] twice is fine

  Containment containment() const { return record_.now(); } // [any thread]

 private:
  enum class Phase : std::uint8_t { down = 1, spawning, launching, greeting, setting_up, up, stopping, stopped };

  void received(const wire::Frame& frame) override;
  void hung_up() override;
  void broke_rules(std::string_view how) override;

  void launch();
  void spawned();
  std::string launch_order(Result<std::shared_ptr<Cgroup>> group);
  std::string_view serve(const wire::Frame& frame); // "" or how it breaks the rules
  std::string_view launched(std::string_view body);
  std::string_view greeted(std::string_view body);
  std::string_view answered(std::string_view body);
  void heard_idle_talk();
  void set_up();
  void came_up();
  void refuse(std::string why); // it can't come up

  void kill(std::string why, Verdict verdict);
  void go_down(Verdict verdict); // answers what is open; the process is not waited for
  void await_end();
  void ended(const std::string& how);
  void restart_after(Duration pause);
  void probe();
  void probe_later();
  void measure();
  void watch_cancelled();
  void fulfil(Result<void> outcome);
  void arm(boost::asio::steady_timer& timer, Duration after, void (WorkerKeeper::*then)());
  void give_up_starting();
  void give_up_waiting();

  const WorkerParts parts_;
  const std::size_t home_index_;
  Home& home_;
  const int plugin_;
  std::string config_;
  InFlight in_flight_;
  WorkerFiles files_;
  WorkerRecord record_;
  WorkerTunnels tunnels_; // [the home's thread], as what follows
  Phase phase_ = Phase::down;
  std::shared_ptr<PendingLaunch> pending_; // null: none is under way
  std::unique_ptr<WorkerProcess> process_;
  std::shared_ptr<WorkerLink> link_;
  std::unique_ptr<WorkerServices> services_;
  std::unique_ptr<boost::asio::posix::stream_descriptor> end_;
  std::string why_killed_;
  CrashLoop crash_loop_;
  IdleTalk idle_talk_;
  boost::asio::steady_timer patience_, probing_, watching_; // to come up or go down; health; ignored cancellations
  bool watches_cancelled_ = false;
  bool own_root_ = false; // of the worker that is there
  std::uint64_t probe_ = 0, probe_answered_ = 0;

  // [any thread, under the mutex]
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Result<void>> first_; // how the first start went
  bool gone_ = false;                 // stopped, and no process is left
};

} // namespace plugboard::connector
