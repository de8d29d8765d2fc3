// The only source of randomness below daemon/. Injected: SystemRandom in the daemon, SeededRandom in tests.
// [any thread]
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>

namespace plugboard {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;
  std::uint64_t next();                     // 64 random bits
  std::uint64_t below(std::uint64_t bound); // uniform in [0, bound), bound > 0
};

// getrandom(2); aborts the process when the kernel has none to give.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

// Repeatable, for tests and simulations only: never for tokens.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed);
  void fill(std::span<std::byte> bytes) override;

 private:
  std::mutex mutex_;
  std::uint64_t state_;
};

} // namespace plugboard
