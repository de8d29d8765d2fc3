#include "core/daemon/check.hpp"

#include "core/connector/published_shapes.hpp"
#include "core/daemon/read_file.hpp"
#include "core/daemon/worker_program.hpp"

namespace plugboard::daemon {

int check_config(const std::string& path, const ResolveSecret& resolve, std::ostream& out) {
  auto text = read_file(path);
  if (!text) {
    out << text.error().message << "\n";
    return 1;
  }
  auto read = read_config(*text, path);
  auto judged = judge(read.config, resolve, connector::published_shapes(), read.faults);
  const SystemClock clock;
  SystemRandom random;
  judge_workers(read.config, why_no_worker(worker_program()), read.faults);
  judge_listener(read.config, resolve, clock, random, judged, read.faults);
  for (const auto& warning : judged.warnings)
    out << path << ": " << warning.pointer << ": warning: " << warning.message << "\n";
  for (const auto& fault : read.faults)
    out << path << ": " << (fault.pointer.empty() ? "/" : fault.pointer) << ": " << fault.message << "\n";
  if (!read.faults.empty()) {
    out << read.faults.size() << (read.faults.size() == 1 ? " fault" : " faults") << "\n";
    return 1;
  }
  out << path << ": good: " << judged.connectors.size() << " connectors, " << judged.catalog->sections().size()
      << " sections, " << judged.clients.size() << " clients\n";
  return 0;
}

} // namespace plugboard::daemon
