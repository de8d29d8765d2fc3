// A plugboardd of a trial's own: started on a configuration, asked, ended with whoever tries. [one thread]
#pragma once

#include "core/base/result.hpp"

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace plugboard::cli {

class TrialHub {
 public:
  // folder: of its plugboard.json; its log goes to hub.log there. Waits until it is ready. Error: it is not, and why,
  // in the hub's own words.
  static Result<std::unique_ptr<TrialHub>> start(const std::filesystem::path& program,
                                                 const std::filesystem::path& folder,
                                                 const std::map<std::string, std::string>& environment);
  ~TrialHub(); // waits for its end
  TrialHub(const TrialHub&) = delete;
  TrialHub& operator=(const TrialHub&) = delete;

  std::string server() const { return "http://127.0.0.1:" + std::to_string(port_); }

  // What it logged of this connector since the last time, in sentences.
  std::vector<std::string> said_of(const std::string& connector);

 private:
  explicit TrialHub(std::filesystem::path log) : log_(std::move(log)) {}

  std::vector<std::string> new_lines();
  bool has_ended();

  const std::filesystem::path log_;
  pid_t process_ = -1;
  std::uint16_t port_ = 0;
  std::streamoff read_ = 0; // of the log
};

} // namespace plugboard::cli
