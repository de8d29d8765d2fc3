// plugboardd: reads its words, then is a Hub.
#include "core/daemon/check.hpp"
#include "core/daemon/hub.hpp"
#include "core/daemon/read_file.hpp"

#include <CLI/CLI.hpp>

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <new>
#include <thread>

namespace {

using namespace plugboard;

// With threads, the kernel lets the one that opens a descriptor wait for all processors whenever their table has to
// grow: tens of milliseconds in which nobody is answered. While there is one thread it grows at once.
void make_room_for_descriptors(rlim_t most) {
  constexpr rlim_t kMany = 16 * 1024;
  const int last = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, static_cast<int>(std::min(most, kMany)) - 1);
  if (last >= 0) ::close(last);
}

// Credentials and customers' data must not end up in a core file; forty pools need their descriptors; and glibc would
// make eight arenas for each core, each of which keeps the most that it ever held, as threads of pools come and go.
void prepare_process() {
  ::mallopt(M_ARENA_MAX, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  std::signal(SIGPIPE, SIG_IGN);
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    make_room_for_descriptors(files.rlim_max);
  }
#ifndef PLUGBOARD_SANITIZED // LeakSanitizer needs to trace its own process
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

Level level_of(const std::string& path) {
  auto text = daemon::read_file(path);
  auto name = text ? daemon::read_config(*text, path).config.log_level : std::string("info");
  if (name == "trace") return Level::trace;
  if (name == "debug") return Level::debug;
  if (name == "warn") return Level::warn;
  return name == "error" ? Level::error : Level::info;
}

struct Words {
  std::string path, explain, table;
  bool check_only = false;
};

int serve(const Words& words) {
  const auto& path = words.path;
  prepare_process();
  if (!words.explain.empty())
    return daemon::explain_config_policy(path, daemon::system_secrets(), words.explain, std::cout);
  if (!words.table.empty()) return daemon::test_config_policy(path, daemon::system_secrets(), words.table, std::cout);
  if (words.check_only) return daemon::check_config(path, daemon::system_secrets(), std::cout);
  auto log = stderr_log(level_of(path));
  daemon::Hub hub(path, *log);
  return hub.run();
}

int run(int argc, char** argv) {
  CLI::App app("The Plugboard hub: one customer, one proof, one context for every agent channel.\n"
               "Example: plugboardd --config /etc/plugboard/plugboard.json",
               "plugboardd");
  Words words;
  app.add_option("--config", words.path, "The configuration file")->required();
  app.add_flag("--check", words.check_only, "Say every fault of the configuration with its JSON Pointer, and exit");
  app.add_option("--policy-explain", words.explain, "For plugboard policy explain --config: a JSON object, then exit");
  app.add_option("--policy-test", words.table, "For plugboard policy test --config: a file, then exit");
  app.set_version_flag("--version", "plugboardd " PLUGBOARD_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  return serve(words);
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::bad_alloc&) {
    std::cerr << "plugboardd: there is no memory left; give the hub more, then start it again\n";
  } catch (const std::exception& bug) {
    std::cerr << "plugboardd: " << bug.what() << "\n";
  }
  return 1;
}
