#include "tests/reliability/soak/control.hpp"

#include <utility>

namespace plugboard::bench {
namespace {

constexpr std::chrono::milliseconds kBetween{10};
constexpr std::uint64_t kSteps = 400'000; // some tenths of a millisecond: a few percent of a core

} // namespace

Control::Control() : thread_([this] { work(); }) {}

Control::~Control() {
  over_ = true;
  thread_.join();
}

Latencies Control::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(took_, {});
}

void Control::work() {
  while (!over_) {
    const auto begun = now();
    std::uint64_t number = static_cast<std::uint64_t>(begun.count()) | 1;
    for (std::uint64_t step = 0; step < kSteps; ++step) number ^= number << 13, number ^= number >> 7;
    const auto took = now() - begun;
    {
      const std::lock_guard lock(mutex_);
      if (number != 0) took_.all.push_back(took); // never 0; the compiler need not know
    }
    std::this_thread::sleep_for(kBetween);
  }
}

} // namespace plugboard::bench
