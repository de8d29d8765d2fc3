// plugboard-worker: hosts one connector's plugin in a process of its own. Started by the hub only, which holds the
// other end of descriptor 3; descriptor 4 is the plugin's bytes. It is the launcher first, and then, executed anew
// within the walls that the launcher built, the worker.
#include "core/wire/messages.hpp"
#include "core/worker/confine.hpp"
#include "core/worker/launch.hpp"
#include "core/worker/profile.hpp"
#include "core/worker/serve.hpp"
#include "core/worker/system_paths.hpp"

#include <unistd.h>

namespace {

constexpr int kSocket = 3;
constexpr int kWrongUsage = 2;

} // namespace

int main(int argc, char** argv) {
  using namespace plugboard;
  // At once: a sanitizer that looks for leaks would start a process, which in the worker's pid namespace never ends.
  if (argc <= 1) ::_exit(worker::launch(kSocket, worker::kPluginDescriptor));
  const auto confinement = worker::read_command_line(argc, argv);
  if (!confinement) return kWrongUsage;
  wire::Hello hello;
  hello.layers = worker::confine(*confinement);
  hello.profile = worker::kProfile;
  worker::serve(kSocket, confinement->plugin, hello);
}
