// Takes more than its share of everything. Each is bounded, so that a machine whose limits do not hold survives it, and
// tells how much it got and with which errno it was refused.
#include "deeds.hpp"

#include <plugboard/host_secrets.h>

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <vector>

namespace plugboard::chaos {

namespace {

constexpr std::size_t kMebi = 1 << 20;

using Clock = std::chrono::steady_clock;

// How long the bombs that go on for a while do: params.ms, else one second.
std::chrono::milliseconds patience(const Asked& asked) {
  const auto digits = param(asked.request, "ms");
  int ms = 1000;
  std::from_chars(digits.data(), digits.data() + digits.size(), ms);
  return std::chrono::milliseconds(ms);
}

void touch(char* bytes, std::size_t size) {
  for (std::size_t at = 0; at < size; at += 4096) *static_cast<volatile char*>(bytes + at) = 1;
}

Outcome memory(const Asked&) { // 4 GiB; ends as programs do that never thought of it
  for (std::size_t taken = 0; taken < 4096 * kMebi; taken += 64 * kMebi) {
    char* const bytes = static_cast<char*>(std::malloc(64 * kMebi));
    if (bytes == nullptr) std::abort();
    touch(bytes, 64 * kMebi);
  }
  return {4096, 0};
}

Outcome leak(const Asked&) {
  static std::atomic<long long> leaked{0};
  char* const bytes = static_cast<char*>(std::malloc(kMebi));
  if (bytes == nullptr) std::abort();
  touch(bytes, kMebi);
  return {++leaked, 0};
}

Outcome forks(const Asked&) {
  constexpr int kMost = 4000;
  for (int i = 0; i < kMost; ++i) {
    const pid_t child = ::fork();
    if (child < 0) return {i, errno};
    if (child > 0) continue;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::alarm(60); // where nobody keeps it from outliving its test
    for (;;) ::pause();
  }
  return {kMost, 0};
}

Outcome threads(const Asked&) {
  constexpr int kMost = 10'000;
  static std::atomic<bool> over;
  over = false;
  pthread_attr_t small;
  ::pthread_attr_init(&small);
  ::pthread_attr_setstacksize(&small, 64 * 1024);
  std::vector<pthread_t> made;
  int refused = 0;
  while (made.size() < kMost && refused == 0) {
    pthread_t one{};
    refused = ::pthread_create(
        &one, &small,
        [](void*) -> void* {
          while (!over) std::this_thread::sleep_for(std::chrono::milliseconds(20));
          return nullptr;
        },
        nullptr);
    if (refused == 0) made.push_back(one);
  }
  over = true;
  for (const auto one : made) ::pthread_join(one, nullptr);
  return {static_cast<long long>(made.size()), refused};
}

Outcome descriptors(const Asked&) {
  constexpr std::size_t kMost = 100'000;
  std::vector<int> made;
  int refused = 0;
  while (made.size() < kMost && refused == 0) {
    const int one = ::dup(0);
    if (one < 0) refused = errno;
    if (one >= 0) made.push_back(one);
  }
  for (const int one : made) ::close(one);
  return {static_cast<long long>(made.size()), refused};
}

// A file that is gone with its process; -1 and errno where none can be made.
int nameless_file(const std::string& folder) {
  const auto name = folder + "/plugboard-chaos-" + std::to_string(::getpid());
  const int file = ::open(name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file >= 0) ::unlink(name.c_str());
  return file;
}

Outcome files(const Asked&) { // 1 GiB in whatever place takes it
  static const std::vector<char> kBlock(kMebi, 'x');
  long long written = 0;
  int refused = 0;
  for (const char* folder : {"/tmp", "/var/tmp", "/dev/shm", "/run", ".", "/", "/files/0"}) {
    const int file = nameless_file(folder);
    while (file >= 0 && written < 1024 && ::write(file, kBlock.data(), kBlock.size()) > 0) ++written;
    if (refused == 0) refused = errno;
    if (file >= 0) ::close(file);
  }
  return {written, refused}; // MiB
}

Outcome log_flood(const Asked& asked) { // as fast as it goes: 1 kB a line
  const std::string line(1000, 'f');
  long long said = 0;
  for (const auto end = Clock::now() + patience(asked); Clock::now() < end; ++said)
    asked.host->log(asked.host, PLUGBOARD_LOG_WARN, {line.data(), line.size()});
  return {said, 0};
}

Outcome processor(const Asked& asked) {
  std::vector<std::jthread> spinning;
  std::atomic<long long> turns{0};
  const auto end = Clock::now() + patience(asked);
  for (int i = 0; i < 4; ++i)
    spinning.emplace_back([&] {
      while (Clock::now() < end) ++turns;
    });
  spinning.clear();
  return {turns.load(), 0};
}

Outcome nice(const Asked&) {
  const bool refused = ::setpriority(PRIO_PROCESS, 0, -20) != 0;
  return {refused ? 0 : 1, refused ? errno : 0};
}

Outcome map(const Asked&) {
  void* const mapped =
      ::mmap(nullptr, std::size_t{1} << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (mapped == MAP_FAILED) return {0, errno};
  ::munmap(mapped, std::size_t{1} << 40);
  return {1, 0};
}

Outcome host_calls(const Asked& asked) { // a million a second into whatever the host offers
  constexpr std::string_view kNone = "no such handle", kLine = "one of very many";
  const auto* secrets =
      static_cast<const plugboard_host_secrets_v1*>(asked.host->extension(asked.host, PLUGBOARD_HOST_SECRETS_V1));
  long long asked_for = 0;
  for (const auto end = Clock::now() + patience(asked); Clock::now() < end && asked_for < 1'000'000; ++asked_for) {
    asked.host->log(asked.host, PLUGBOARD_LOG_DEBUG, {kLine.data(), kLine.size()});
    if (secrets != nullptr && asked_for % 4 == 0)
      secrets->get(asked.host, {kNone.data(), kNone.size()}, nullptr, [](void*, plugboard_str) {});
  }
  return {asked_for, 0};
}

constexpr std::array kBombs{
    Deed{"memory", memory},
    Deed{"leak", leak},
    Deed{"forks", forks},
    Deed{"threads", threads},
    Deed{"descriptors", descriptors},
    Deed{"files", files},
    Deed{"log_flood", log_flood},
    Deed{"processor", processor},
    Deed{"nice", nice},
    Deed{"map", map},
    Deed{"host_calls", host_calls},
};

} // namespace

std::span<const Deed> bombs() {
  return kBombs;
}

} // namespace plugboard::chaos
