// The real plugboardd, run on a configuration in a folder of its own, on ports that the system chooses. It remembers
// what must never stand in a log, and all that was asked and answered. [one thread]
#pragma once

#include "tests/support/artifacts.hpp"
#include "tests/support/connection.hpp"
#include "tests/support/hub_config.hpp"
#include "tests/support/process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace plugboard::test {

// What a customer's token says. Members with "": left out.
struct Customer {
  std::string subject = "u-1", email = "ada@shop.example", customer_id = "1001", acr{};
  bool email_verified = true;
  std::int64_t lifetime = 3600;
};

std::string claims_of(const Customer& customer);
std::string token_of(const Customer& customer); // as the chat widget signs it

class HubProcess {
 public:
  explicit HubProcess(HubConfig config); // not yet started; its folder is there
  ~HubProcess();                         // what it wrote is left for the scan, where one is wanted
  HubProcess(const HubProcess&) = delete;
  HubProcess& operator=(const HubProcess&) = delete;

  // Runs it until it is ready. False: it has ended instead; see raw_log().
  bool start();
  int stop();                    // SIGTERM, until it has ended; its exit code
  void kill();                   // SIGKILL
  bool reload(HubConfig config); // SIGHUP; true: the new configuration serves, false: it was refused

  Process& process() { return *process_; }

  static std::string process_command(); // the daemon's file

  bool runs() { return process_ && !process_->ended(); }

  const TempFolder& folder() const { return folder_; }

  const HubConfig& config() const { return config_; }

  std::string config_file() const { return folder_ / "plugboard.json"; }

  int port() const { return port_; }

  int metrics_port() const { return metrics_port_; }

  int admin_port() const { return admin_port_; } // 0: admins come over the socket alone

  std::string admin_socket() const { return folder_ / "admin.sock"; }

  Answer ask(const Ask& ask); // over a connection of its own
  Answer post(const std::string& path, const std::string& body, const std::string& key = kDesk);
  Answer get(const std::string& path, const std::string& key = "");
  Answer admin(const std::string& path);
  Answer admin_post(const std::string& path, const std::string& body);
  Answer admin(const Ask& ask);     // over the socket
  Answer admin_tcp(const Ask& ask); // with a key

  // A new session's token.
  std::string session(const Customer& customer = {}, const std::string& key = kDesk);
  // more: further members of the request, with a comma before.
  Json context(const std::string& session, const std::string& more = "", const std::string& key = kDesk);

  std::string raw_log() const; // of every run so far

  std::string data_dir() const { return folder_ / "var"; }

  std::vector<Json> events(const std::string& name) const;

  void keep_secret(std::string canary) {
    if (!canary.empty()) secrets_.push_back(std::move(canary));
  }

  // What is wrong with the log: lines that are no JSON, lines without time, level or event, secrets. "": nothing.
  std::string log_faults() const;

  const std::vector<Exchange>& exchanges() const { return exchanges_; }

 private:
  TempFolder folder_;
  HubConfig config_;
  std::unique_ptr<Process> process_;
  std::string earlier_log_; // of runs that are over
  int port_ = 0, metrics_port_ = 0, admin_port_ = 0;
  std::string last_metrics_;
  std::vector<std::string> secrets_;
  std::vector<Exchange> exchanges_;
};

} // namespace plugboard::test
