// The systems that are asked: one thread, a port each, the same document at the same customer's every time.
// bench_systems --count N [--delay-us D] [--chaos PERCENT --seed S]; prints their ports in one line.
// Told by SIGUSR1 it closes every connection to it, as systems do with those that nobody uses.
#include "tests/bench/document.hpp"
#include "tests/bench/misbehaviour.hpp"
#include "tests/bench/wire.hpp"

#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <queue>
#include <random>
#include <vector>

namespace plugboard::bench {
namespace {

struct Wish {
  int count = 1;
  Nanoseconds delay{};
  double chaos = 0; // of 1
  std::uint64_t seed = 1;
};

struct Pending { // an answer whose time has not come
  Nanoseconds due;
  std::uint64_t client = 0;
  std::string bytes;
  const Misbehaviour* misbehaviour = nullptr;

  bool operator<(const Pending& other) const { return due > other.due; } // the earliest is on top
};

class Client;

struct Systems {
  Loop loop;
  Wish wish;
  std::mt19937_64 random;
  std::unordered_map<std::string, std::string> answers; // by target
  std::unordered_map<std::uint64_t, Client*> clients;
  std::priority_queue<Pending> pending;
  std::uint64_t last_client = 0;
};

// "/s07/orders?customer=1001" → what is answered.
const std::string& answer_to(Systems& systems, std::string_view target) {
  auto& answer = systems.answers[std::string(target)];
  if (answer.empty()) answer = json_answer(document(after(target, "/", "/"), after(target, "customer=", "&")));
  return answer;
}

class Client final : public Wire {
 public:
  Client(Systems& systems, test::Descriptor socket) : Wire(systems.loop, std::move(socket)), systems_(systems) {
    systems_.clients[id_] = this;
  }

  ~Client() override { systems_.clients.erase(id_); }

  void answer(const Pending& pending) {
    const auto* misbehaviour = pending.misbehaviour;
    if (!pending.bytes.empty()) send(pending.bytes);
    if (misbehaviour == nullptr || !misbehaviour->close) return;
    if (misbehaviour->reset) {
      const linger hard{1, 0};
      ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    }
    loop_.release(*this);
  }

 private:
  void message(const Message& request) override {
    const auto target = after(request.first_line, " ", " ");
    const auto& wish = systems_.wish;
    Pending pending{now() + wish.delay, id_, {}, nullptr};
    if (wish.chaos > 0 && std::uniform_real_distribution<double>(0, 1)(systems_.random) < wish.chaos) {
      pending.misbehaviour = &any_misbehaviour(systems_.random);
      pending.due += std::chrono::milliseconds(pending.misbehaviour->delay_ms);
      pending.bytes = bytes_of(*pending.misbehaviour, target);
    } else if (wish.delay == Nanoseconds::zero()) {
      return send(answer_to(systems_, target));
    } else {
      pending.bytes = answer_to(systems_, target);
    }
    systems_.pending.push(std::move(pending));
  }

  std::string bytes_of(const Misbehaviour& misbehaviour, std::string_view target) {
    if (misbehaviour.answers_nothing) return {};
    if (misbehaviour.answers_about) return answer_to(systems_, std::string(target) + "9");
    return misbehaviour.bytes.empty() ? answer_to(systems_, target) : misbehaviour.bytes;
  }

  void ended() override { loop_.release(*this); }

  Systems& systems_;
  const std::uint64_t id_ = ++systems_.last_client;
};

class Door final : public Watcher {
 public:
  Door(Systems& systems, test::Descriptor socket) : Watcher(std::move(socket)), systems_(systems) {}

 private:
  void ready(std::uint32_t) override {
    for (auto socket = accepted(fd()); socket.get() >= 0; socket = accepted(fd()))
      systems_.loop.add(std::make_unique<Client>(systems_, std::move(socket)));
  }

  Systems& systems_;
};

// Blocks the signal, so made before there is any thread.
test::Descriptor hang_up_signal() {
  sigset_t wanted;
  ::sigemptyset(&wanted);
  ::sigaddset(&wanted, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &wanted, nullptr);
  return test::Descriptor(::signalfd(-1, &wanted, SFD_NONBLOCK | SFD_CLOEXEC));
}

class HangUp final : public Watcher {
 public:
  explicit HangUp(Systems& systems) : Watcher(hang_up_signal()), systems_(systems) {}

 private:
  void ready(std::uint32_t) override {
    signalfd_siginfo told{};
    while (::read(fd(), &told, sizeof told) > 0) {}
    std::vector<Client*> all;
    for (const auto& [id, client] : systems_.clients) all.push_back(client);
    for (auto* client : all) systems_.loop.release(*client);
  }

  Systems& systems_;
};

Wish read(int argc, char** argv) {
  Wish wish;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--count") == 0) wish.count = std::atoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--delay-us") == 0) wish.delay = std::chrono::microseconds(std::atoi(argv[i + 1]));
    if (std::strcmp(argv[i], "--chaos") == 0) wish.chaos = std::atof(argv[i + 1]) / 100;
    if (std::strcmp(argv[i], "--seed") == 0) wish.seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  return wish;
}

void serve(const Wish& wish) {
  ::prctl(PR_SET_TIMERSLACK, 1);
  Systems systems;
  systems.wish = wish;
  systems.random.seed(wish.seed);
  systems.loop.add(std::make_unique<HangUp>(systems));
  for (int i = 0; i < wish.count; ++i) {
    int port = 0;
    systems.loop.add(std::make_unique<Door>(systems, listening(port)));
    std::printf(i == 0 ? "%d" : " %d", port);
  }
  std::printf("\n");
  std::fflush(stdout);
  for (;;) {
    const auto time = now();
    while (!systems.pending.empty() && systems.pending.top().due <= time) {
      const auto pending = systems.pending.top();
      systems.pending.pop();
      if (const auto client = systems.clients.find(pending.client); client != systems.clients.end())
        client->second->answer(pending);
    }
    systems.loop.turn(systems.pending.empty() ? std::chrono::hours(1)
                                              : std::max(Nanoseconds::zero(), systems.pending.top().due - now()));
  }
}

} // namespace
} // namespace plugboard::bench

int main(int argc, char** argv) {
  try {
    plugboard::bench::serve(plugboard::bench::read(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_systems: %s\n", error.what());
    return 1;
  }
}
