#include "core/worker/launch.hpp"

#include "core/worker/processes.hpp"
#include "core/worker/profile.hpp"
#include "core/worker/system_paths.hpp"
#include "core/worker/talk.hpp"
#include "core/worker/walls.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

namespace plugboard::worker {
namespace {

// Whatever the hub was started with ends here: its terminal, its place for logs, descriptors, signals, file mode mask.
void start_afresh(int last_descriptor) {
  ::close_range(static_cast<unsigned>(last_descriptor) + 1, ~0U, 0);
  const Descriptor null(::open(kNullDevice, O_RDWR | O_CLOEXEC));
  const int standard = kSanitized ? STDERR_FILENO : STDERR_FILENO + 1; // sanitizers have to say what they found
  for (int number = 0; number < standard; ++number) ::dup2(null.get(), number);
  reset_signals();
  ::setsid();
  ::umask(022); // what the walls are made of is for the worker to read
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

int refuse(int socket, wire::Launched& launched, std::string why) {
  launched.refused = std::move(why);
  say_launched(socket, launched, {});
  return kRefused;
}

} // namespace

int launch(int socket, int plugin) {
  if (!dies_with_parent(socket)) return kNoHub;
  start_afresh(plugin);
  const auto wishes = hear_launch(socket);
  if (!wishes) return kNoLaunch;
  const Descriptor program(::open("/proc/self/exe", O_PATH | O_CLOEXEC));
  Walls walls = build_walls(*wishes, plugin);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); // becoming another user has undone it
  if (!kSanitized) ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  wire::Launched launched;
  launched.layers = walls.layers.states();
  if (!program) return refuse(socket, launched, failed("its program cannot be opened"));
  if (!walls.refused.empty()) return refuse(socket, launched, walls.refused);

  Family family;
  const bool own_pids = walls.layers.present(wire::Layer::pid);
  const std::string why = family.start({program.get(), socket, plugin, own_pids}, walls.inside);
  if (!why.empty()) return refuse(socket, launched, why);
  launched.pid = static_cast<std::uint32_t>(family.worker());
  if (!say_launched(socket, launched, walls.listeners)) return kNoHub;
  walls.listeners.clear();
  ::close(socket);
  ::close(plugin);
  family.let_go();
  return family.wait();
}

} // namespace plugboard::worker
