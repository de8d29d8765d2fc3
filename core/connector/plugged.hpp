// The connector that speaks to a plugin through the ABI's table: builds the parts, hands each call to its home's desk,
// and takes everything apart again in an order that leaves nothing for a plugin to stumble over.
#pragma once

#include "core/connector/desk.hpp"
#include "core/connector/host_clock.hpp"
#include "core/connector/host_files.hpp"
#include "core/connector/host_http.hpp"
#include "core/connector/host_kv.hpp"
#include "core/connector/host_metrics.hpp"
#include "core/connector/host_oauth2.hpp"
#include "core/connector/host_secrets.hpp"
#include "core/connector/host_tcp.hpp"

#include <atomic>
#include <memory>
#include <mutex>

namespace plugboard::connector {

class Plugged final : public Connector {
 public:
  struct Parts { // what can be wrong about them was found before
    Settings settings;
    std::vector<std::shared_ptr<const json::Shape>> shapes; // by section
    Egress egress;
    std::vector<Home*> homes;
  };

  Plugged(Parts parts, Log& log, Metrics& metrics);
  ~Plugged() override;

  Result<void> open_files(const std::vector<std::string>& granted);
  Result<void> plug(); // loads, creates and starts the plugin, here or in its worker

  const Settings& settings() const override { return settings_; }

  Counts counts() const override;

  State state() const override { return state_; }

  Containment containment() const override;

  CallId lookup(LookupRequest request, Deadline deadline, Home& home, LookupDone done) override;
  CallId authenticate(AuthenticateRequest request, Deadline deadline, Home& home, AuthenticateDone done) override;
  CallId logout(LogoutRequest request, Deadline deadline, Home& home, LogoutDone done) override;
  CallId subject(SubjectRequest request, Deadline deadline, Home& home, SubjectDone done) override;
  CallId check_health(Deadline deadline, Home& home, HealthDone done) override;
  void cancel(CallId id) override;
  void stop() override;

 private:
  Result<std::unique_ptr<Runner>> make_runner();
  Desk& desk_of(const Home& home);
  void close_desks();
  void take_apart();

  const Settings settings_;
  const std::vector<Home*> homes_;
  Metrics& metrics_;
  HostLog log_;
  Tally tally_;
  Border border_;
  const TcpGrants tcp_grants_;
  HostHttp http_;
  std::vector<std::string> granted_files_;
  std::unique_ptr<HostFiles> files_;
  HostSecrets secrets_;
  HostTcp tcp_;
  HostClock clock_;
  HostMetrics counted_;
  HostKv kv_;
  HostOauth2 oauth2_;
  Office office_;
  std::vector<std::unique_ptr<Desk>> desks_; // one a home
  std::unique_ptr<Pool> pool_, hints_;
  std::unique_ptr<PluginInstance> plugin_;
  std::atomic<State> state_ = State::ready;
  std::once_flag taken_apart_;
};

} // namespace plugboard::connector
