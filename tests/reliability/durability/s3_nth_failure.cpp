// S3: for n = 1, 2, … until an operation is done without meeting it, the n-th call of a kind fails in the real daemon,
// once and from then on. The daemon lives, says the truth, loses nothing that it acknowledged, leaks nothing, and once
// the fault is over the same operation works. After a failed flush it writes no more until it is started again.
#include "tests/reliability/durability/faulted_hub.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

namespace plugboard::test {
namespace {

using namespace std::chrono_literals;

struct Kind {
  const char* name;
  Call call;
  int error;
  Deed deed = Deed::fail;
  bool may_stay = true; // no kernel interrupts or shortens every call
};

constexpr Kind kKinds[] = {
    {"memory", Call::memory, ENOMEM},
    {"open EMFILE", Call::open, EMFILE},
    {"open EIO", Call::open, EIO},
    {"read EIO", Call::read, EIO},
    {"read EINTR", Call::read, EINTR, Deed::fail, false},
    {"write ENOSPC", Call::write, ENOSPC},
    {"write EIO", Call::write, EIO},
    {"write EINTR", Call::write, EINTR, Deed::fail, false},
    {"write short", Call::write, 0, Deed::half, false},
    {"fsync EIO", Call::fsync, EIO},
    {"fdatasync EIO", Call::fdatasync, EIO},
    {"rename EIO", Call::rename, EIO},
    {"unlink EIO", Call::unlink, EIO},
    {"truncate ENOSPC", Call::truncate, ENOSPC},
    {"mmap ENOMEM", Call::mmap, ENOMEM},
    {"socket EMFILE", Call::socket, EMFILE},
    {"connect EADDRNOTAVAIL", Call::connect, EADDRNOTAVAIL},
    {"accept EMFILE", Call::accept, EMFILE},
    {"accept ECONNABORTED", Call::accept, ECONNABORTED, Deed::fail, false},
    {"recv EINTR", Call::recv, EINTR, Deed::fail, false},
    {"recv ECONNRESET", Call::recv, ECONNRESET},
    {"send EINTR", Call::send, EINTR, Deed::fail, false},
    {"send EPIPE", Call::send, EPIPE},
    {"send short", Call::send, 0, Deed::half, false},
    {"thread EAGAIN", Call::thread, EAGAIN},
};

constexpr auto kPatient = 1500ms;           // for an answer or a closed connection after one call failed
constexpr auto kBrief = 100ms;              // the same while every call fails: afterwards is what counts
constexpr auto kMended = 8s;                // until the operation works, once the fault is over
constexpr std::uint64_t kMost = 10'000'000; // a reload takes some hundred thousand allocations
constexpr std::uint64_t kFewCalls = 32;     // of a start: each of them fails once
constexpr std::uint64_t kEarly = 20'000;    // most of a start's allocations after these are OpenSSL's, for authorities
constexpr std::size_t kMoreDescriptors = 4; // connections that are being closed
constexpr std::size_t kMoreKilobytes = 16 * 1024;

struct Operation {
  const char* name;
  Heard (FaultedHub::*run)();
};

constexpr Operation kOperations[] = {
    {"create", &FaultedHub::create},   {"revoke", &FaultedHub::revoke},         {"introspect", &FaultedHub::introspect},
    {"context", &FaultedHub::context}, {"add client", &FaultedHub::add_client}, {"reload", &FaultedHub::reload},
};

class Loop {
 public:
  explicit Loop(Showing& showing) : showing_(showing) { hub_.start(); }

  void every_operation() {
    for (const auto& operation : kOperations) {
      restart();
      for (const auto& kind : kKinds) {
        for (const bool stays : {false, true})
          if (!stays || kind.may_stay) until_it_is_clean(operation, kind, stays);
        say(std::string(operation.name) + ", " + kind.name);
      }
    }
  }

  void every_start(std::size_t samples) {
    hub_.kill();
    for (const auto& kind : kKinds) {
      for (const bool stays : {false, true})
        if (!stays || kind.may_stay) starts(kind, stays, samples);
      say(std::string("start, ") + kind.name);
    }
    hub_.start();
  }

  void compare() {
    restart();
    auto connection = Connection::tcp(hub_.port());
    hub_.ledger().compare(asked_over(*connection), 0, showing_);
    showing_.holds(hub_.ledger().foreign() == 0, "a customer's id changed");
  }

  const Ledger& ledger() { return hub_.ledger(); }

  std::size_t growth() const { return growth_; }

 private:
  // How far it is, for who waits before a terminal (a log would be full of it), and what is broken so far.
  void say(const std::string& done) {
    const auto failures = showing_.failures();
    if (isatty(STDERR_FILENO) == 0 && said_ == failures.size()) return;
    std::fprintf(stderr, "%s: %lld rounds and %lld starts so far\n", done.c_str(),
                 static_cast<long long>(showing_.counted("rounds")),
                 static_cast<long long>(showing_.counted("starts")));
    for (; said_ < failures.size(); ++said_) std::fprintf(stderr, "  %s\n", failures[said_].c_str());
  }

  void restart() {
    flat();
    hub_.kill();
    hub_.start();
  }

  static bool is_flush(const Kind& kind) { return kind.call == Call::fsync || kind.call == Call::fdatasync; }

  void arm(const Kind& kind, bool stays, std::uint64_t n) {
    hub_.failpoints().arm({.calls = static_cast<std::uint32_t>(kind.call),
                           .deed = kind.deed,
                           .error = kind.error,
                           .stays = stays,
                           .nth = n,
                           // the audit trail writes on in another file; D8 looks at that
                           .only = is_flush(kind) ? "!/var/audit" : ""});
  }

  void until_it_is_clean(const Operation& operation, const Kind& kind, bool stays) {
    const auto what = std::string(operation.name) + ", " + kind.name + (stays ? " from number " : " number ");
    std::uint64_t n = 1;
    for (bool met = true; met && n < kMost; n += step(n, stays)) {
      hub_.prepare();
      hub_.patience = stays ? kBrief : kPatient;
      arm(kind, stays, n);
      auto heard = (hub_.*operation.run)();
      met = hub_.failpoints().hits() > 0;
      if (!met && heard.said != Said::done) { // slow, not faulted: again, with patience
        hub_.patience = kPatient;
        hub_.prepare();
        heard = (hub_.*operation.run)();
        met = hub_.failpoints().hits() > 0;
      }
      hub_.failpoints().disarm();
      hub_.patience = kPatient;
      showing_.count("rounds");
      judge(what + std::to_string(n), heard, operation, met, kind, stays);
    }
    showing_.holds(n < kMost, what + "...: it is never done without");
    flat();
  }

  // Each n up to 30, or 60; later some, further and further apart. An operation takes thousands of allocations at a few
  // dozen places, and adding a client takes more with each client that there is already.
  std::uint64_t step(std::uint64_t n, bool stays) {
    if (showing_.full) return n < 1000 ? 1 : n / 50;
    if (n < (stays ? 30 : 60)) return 1;
    return 1 + showing_.random() % (n / (stays ? 3 : 7));
  }

  void judge(const std::string& what, const Heard& heard, const Operation& operation, bool met, const Kind& kind,
             bool stays) {
    if (!hub_.runs()) return died(what);
    const bool truthful = heard.said == Said::done || (met && heard.said != Said::nonsense);
    showing_.holds(truthful, what + ": " + (met ? "" : "(without the fault) ") + heard.text);
    // Who is not accepted is not heard; a log may have no memory to tell how a reload went; and while every call fails
    // nobody waits long enough to see it.
    const bool is_reload = operation.run == &FaultedHub::reload;
    const bool may_wait = kind.call == Call::accept || (is_reload && kind.call == Call::memory) || stays;
    showing_.holds(may_wait || heard.said != Said::nothing, what + ": neither answered nor closed");
    const bool is_stopped = hub_.is_stopped(), flush_failed = is_flush(kind);
    showing_.holds(is_stopped || !met || !flush_failed, what + ": it writes on after a failed flush");
    if (is_stopped) {
      showing_.holds(kind.call != Call::memory, what + ": it takes want of memory for a failed disk");
      return stopped_writing(what);
    }
    Heard again{Said::nothing, {}};
    const bool works = eventually(
        [&] {
          again = (hub_.*operation.run)();
          return again.said == Said::done || !hub_.runs();
        },
        kMended);
    if (!hub_.runs()) return died(what);
    if (!showing_.holds(works, what + ": it does not work afterwards: " + again.text + hub_.last_lines())) restart();
  }

  void died(const std::string& what) {
    showing_.fail(what + ": the hub died: " + hub_.last_lines());
    showing_.count("crashes");
    hub_.start();
  }

  // It says so everywhere, sessions go on, and the next start finds all that was acknowledged.
  void stopped_writing(const std::string& what) {
    showing_.count("writer stopped");
    const bool go_on =
        eventually([&] { return hub_.introspect().said == Said::done; }, kMended); // the trail comes back
    showing_.holds(go_on, what + ": sessions do not go on");
    showing_.holds(hub_.create().said == Said::refused, what + ": after a failed flush it writes again");
    restart();
    showing_.holds(hub_.create().said == Said::done, what + ": no session after a restart");
  }

  void starts(const Kind& kind, bool stays, std::size_t samples) {
    arm(kind, false, kMost * kMost); // never: only counts
    hub_.start_once();
    const auto calls = hub_.failpoints().counted();
    hub_.kill();
    const bool all = calls <= kFewCalls;
    for (std::uint64_t i = 0; i < (all ? calls : samples); ++i)
      one_start(kind, stays, 1 + (all ? i : i < samples / 2 ? showing_.random() % kEarly : showing_.random() % calls));
  }

  void one_start(const Kind& kind, bool stays, std::uint64_t n) {
    const auto what = std::string("start, ") + kind.name + (stays ? " from number " : " number ") + std::to_string(n);
    showing_.count("starts");
    arm(kind, stays, n);
    bool ready = false;
    try {
      ready = hub_.start_once();
    } catch (const std::exception&) {
      showing_.fail(what + ": neither ready nor gone: " + hub_.last_lines());
    }
    hub_.failpoints().disarm();
    if (!ready && !hub_.runs())
      showing_.holds(hub_.code() > 0 && hub_.said_something(),
                     what + ": it ended with " + std::to_string(hub_.code()) + " and said: " + hub_.last_lines());
    if (ready && !hub_.is_stopped())
      showing_.holds(eventually([&] { return hub_.create().said == Said::done; }, kMended),
                     what + ": it is ready, but makes no session: " + hub_.last_lines());
    hub_.kill();
  }

  // No descriptor more than at first; memory within what heaps grow.
  void flat() {
    if (!hub_.runs()) return;
    const auto first = hub_.at_first();
    FaultedHub::Size now;
    const bool few = eventually(
        [&] {
          now = hub_.size();
          return now.descriptors <= first.descriptors + kMoreDescriptors;
        },
        kMended);
    showing_.holds(few, "descriptors went from " + std::to_string(first.descriptors) + " to " +
                            std::to_string(now.descriptors));
    const auto grown = now.kilobytes - std::min(now.kilobytes, first.kilobytes);
    showing_.holds(grown < kMoreKilobytes, "memory grew by " + std::to_string(grown) + " KB");
    growth_ = std::max(growth_, grown);
  }

  Showing& showing_;
  FaultedHub hub_;
  std::size_t growth_ = 0;
  std::size_t said_ = 0; // failures
};

std::string show(Showing& showing) {
  Loop loop(showing);
  loop.every_operation();
  loop.every_start(showing.full ? 2000 : 20);
  loop.compare();
  return std::to_string(showing.counted("rounds")) + " rounds (" +
         (showing.full ? "each n to 1000" : "each n to 60, to 30 where the fault stays") +
         ", then in strides that widen with n), " + std::to_string(showing.counted("starts")) + " starts, " +
         std::to_string(showing.counted("crashes")) + " crashes, writer stopped and restarted " +
         std::to_string(showing.counted("writer stopped")) + " times, " + std::to_string(loop.ledger().acknowledged()) +
         " acknowledged, " + std::to_string(loop.ledger().lost()) + " lost, resident memory grew by at most " +
         std::to_string(loop.growth() / 1024) + " MB between two restarts";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "S3", plugboard::test::show);
}
