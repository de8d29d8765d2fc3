#include "core/worker/resource_limits.hpp"

#include "core/worker/layers.hpp"
#include "core/worker/profile.hpp"

#include <malloc.h>
#include <sys/resource.h>

#include <csignal>

namespace plugboard::worker {
namespace {

constexpr rlim_t kStack = 2 << 20;             // each thread's too
constexpr rlim_t kAddresses = rlim_t{1} << 30; // beside memory: libraries, and what is reserved but cannot be written
constexpr int kArenas = 2;                     // each reserves 64 MiB of addresses
constexpr rlim_t kPendingSignals = 64;

struct Limit {
  decltype(RLIMIT_CORE) what;
  const char* name;
  rlim_t most;
};

std::string apply(const Limit& limit) {
  rlimit now{};
  if (::getrlimit(limit.what, &now) != 0) return failed(limit.name);
  const rlim_t most = now.rlim_max < limit.most ? now.rlim_max : limit.most; // to raise it is not ours
  const rlimit wanted{most, most};
  return ::setrlimit(limit.what, &wanted) == 0 ? "" : failed(limit.name);
}

std::vector<Limit> limits_of(const Confinement& confinement) {
  const wire::Limits& wanted = confinement.limits;
  std::vector<Limit> limits{
      {RLIMIT_CORE, "RLIMIT_CORE", 0},        {RLIMIT_FSIZE, "RLIMIT_FSIZE", 0},
      {RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", 0},  {RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", 0},
      {RLIMIT_NICE, "RLIMIT_NICE", 0},        {RLIMIT_RTPRIO, "RLIMIT_RTPRIO", 0},
      {RLIMIT_STACK, "RLIMIT_STACK", kStack}, {RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING", kPendingSignals}};
  if (wanted.memory_bytes > 0) {
    limits.push_back({RLIMIT_DATA, "RLIMIT_DATA", wanted.memory_bytes});
    limits.push_back({RLIMIT_AS, "RLIMIT_AS", wanted.memory_bytes + kAddresses});
  }
  if (wanted.descriptors > 0) limits.push_back({RLIMIT_NOFILE, "RLIMIT_NOFILE", wanted.descriptors});
  if (wanted.threads > 0 && confinement.own_user)
    limits.push_back({RLIMIT_NPROC, "RLIMIT_NPROC", rlim_t{wanted.threads} + confinement.others});
  return limits;
}

} // namespace

void limit_stacks() {
  if (!kSanitized) apply({RLIMIT_STACK, "RLIMIT_STACK", kStack}); // tried again, and told of, by the worker
}

std::string limit_resources(const Confinement& confinement) {
  ::mallopt(M_ARENA_MAX, kArenas);
  std::signal(SIGXFSZ, SIG_IGN); // writing a file fails; it need not kill
  if (kSanitized) return "the profile for sanitizers can live with none of them";
  std::string why;
  for (const Limit& limit : limits_of(confinement)) {
    const std::string failure = apply(limit);
    if (why.empty()) why = failure;
  }
  if (why.empty() && confinement.limits.threads > 0 && !confinement.own_user)
    why = "without a user of its own the number of threads cannot be limited; the other limits are set";
  return why;
}

} // namespace plugboard::worker
