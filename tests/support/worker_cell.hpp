// One plugboard-worker, started as a hub starts it and spoken to frame by frame: what stands around it is told from
// both sides. It does not outlive its object. [one thread, the one that made it]
#pragma once

#include "core/wire/messages.hpp"
#include "tests/support/descriptor.hpp"

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::test {

class WorkerCell {
 public:
  // plugin: its file. The worker waits for its `setup` when this is done, unless refused() says why there is none.
  WorkerCell(const std::string& plugin, const wire::Launch& launch);
  ~WorkerCell();
  WorkerCell(const WorkerCell&) = delete;
  WorkerCell& operator=(const WorkerCell&) = delete;

  const std::string& refused() const { return refused_; }

  const std::map<wire::Layer, wire::LayerState>& layers() const { return layers_; }

  bool has(wire::Layer layer) const;

  pid_t launcher() const { return launcher_; }

  pid_t worker() const { return worker_; } // as we see it

  const std::string& profile() const { return profile_; }

  const std::vector<Descriptor>& listeners() const { return listeners_; }

  // "": the plugin has started; else why not.
  std::string set_up(const wire::Setup& setup);

  // One call of the plugin's operation `lookup`, and the data of its reply; nothing: the worker is gone instead.
  std::optional<std::string> look_up(const std::string& section, const plugboard_identifier& identifier,
                                     const std::string& params = "{}");

  std::string text_of(const std::string& file) const; // of the worker's in /proc

  void stop(); // politely; see ended()
  void hang_up();
  void send(int signal) const; // to the launcher
  // How the launcher ended: an exit code, or minus the signal.
  int ended();

  static std::string program(); // the worker's file

 private:
  bool say(const std::string& frames);
  std::optional<std::string> hear(wire::Type wanted); // its body; what else comes before is passed over
  void read_launched();
  void start(const std::string& plugin);

  Descriptor socket_;
  pid_t launcher_ = 0, worker_ = 0;
  std::optional<int> ended_;
  std::string refused_, profile_;
  std::map<wire::Layer, wire::LayerState> layers_;
  std::vector<Descriptor> listeners_;
  std::string buffer_;
  std::uint64_t calls_ = 0;
};

// As root another user than root's; else nobody's business.
std::uint32_t a_users_number();

} // namespace plugboard::test
