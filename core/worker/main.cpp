// plugboard-worker: hosts one connector's plugin in a process of its own. Started by the hub only, which holds the
// other end of descriptor 3; descriptor 4 is the plugin's bytes.
#include "core/wire/messages.hpp"
#include "core/worker/serve.hpp"

int main() {
  plugboard::worker::serve(3, "/proc/self/fd/4", {});
}
