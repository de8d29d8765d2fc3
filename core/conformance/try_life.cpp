// Coming up and going down, without being asked anything.
#include "core/conformance/trials.hpp"

#include <filesystem>
#include <malloc.h>

extern "C" std::size_t __sanitizer_get_current_allocated_bytes()
    __attribute__((weak)); // where a sanitizer has the memory

namespace plugboard::conformance {
namespace {

constexpr int kWarmUp = 100; // what is made once for all lives
constexpr int kLives = 1000;
constexpr std::size_t kMostBytesALife = 16;

std::size_t entries_of(const char* folder) {
  std::error_code ignored;
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) count += entry.path().empty() ? 0 : 1;
  return count;
}

std::size_t bytes_in_use() {
  return __sanitizer_get_current_allocated_bytes ? __sanitizer_get_current_allocated_bytes() : ::mallinfo2().uordblks;
}

struct Held {
  std::size_t threads = entries_of("/proc/self/task"), descriptors = entries_of("/proc/self/fd");
  std::size_t bytes = bytes_in_use();
};

bool live(const Rig& loaded) {
  Rig rig(loaded.subject()); // its own host, so that what the host keeps is not counted
  rig.use(loaded);
  if (!rig.create().empty() || !rig.start().empty()) return false;
  rig.stop();
  rig.destroy();
  return true;
}

} // namespace

void try_loading(const Subject& subject, Findings& findings) {
  Rig& rig = Rig::of(subject);
  if (auto why = rig.load(); !why.empty()) return findings.add("life.table", why);
  auto why = rig.create();
  if (why.empty()) why = rig.start();
  if (!why.empty()) return findings.add("life.start", "With the configuration of conformance.json, " + why);
  check_told(rig, {}, {}, findings);
}

bool comes_up(Rig& rig, Findings& findings) {
  const auto why = rig.come_up();
  if (!why.empty()) findings.add("life.start", "It comes up once, and not again: " + why);
  return why.empty();
}

void try_ending(const Subject& subject, Findings& findings) {
  Rig& unstarted = Rig::of(subject);
  if (!unstarted.load().empty() || !unstarted.create().empty()) return;
  unstarted.stop();
  unstarted.destroy();
  Rig& twice = Rig::of(subject);
  if (!comes_up(twice, findings)) return;
  twice.stop();
  twice.stop();
  twice.destroy();
}

void try_again_and_again(const Subject& subject, Findings& findings) {
  Rig& loaded = Rig::of(subject);
  if (!loaded.load().empty()) return;
  for (int i = 0; i < kWarmUp; ++i)
    if (!live(loaded)) return findings.add("life.start", "It comes up once, and not again.");
  const Held before;
  for (int i = 0; i < kLives; ++i) live(loaded);
  const Held after;
  const std::string lives = "After " + std::to_string(kLives) + " lives there are ";
  if (after.threads > before.threads)
    findings.add("life.leaks", lives + std::to_string(after.threads - before.threads) + " threads more.");
  if (after.descriptors > before.descriptors)
    findings.add("life.leaks", lives + std::to_string(after.descriptors - before.descriptors) + " open files more.");
  if (after.bytes > before.bytes + kLives * kMostBytesALife)
    findings.add("life.leaks", lives + std::to_string(after.bytes - before.bytes) + " bytes more in use.");
}

} // namespace plugboard::conformance
