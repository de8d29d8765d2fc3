#include "core/base/secret.hpp"

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <new>
#include <string>
#include <type_traits>
#include <utility>

namespace plugboard {
namespace {

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);

TEST(SecretTest, RevealsAndComparesWhatItHolds) {
  const Secret secret("swordfish");
  EXPECT_EQ(secret.reveal(), "swordfish");
  EXPECT_TRUE(secret.equals("swordfish"));
  EXPECT_FALSE(secret.equals("swordfisH"));
  EXPECT_FALSE(secret.equals("sword"));
  EXPECT_TRUE(Secret().empty());
}

TEST(SecretTest, MovesAndLeavesNothingBehind) {
  Secret first("short"); // lies within the string itself, where a move alone leaves its bytes
  const char* place = first.reveal().data();
  const Secret second(std::move(first));
  EXPECT_TRUE(first.empty()); // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(second.reveal(), "short");
  EXPECT_EQ(std::string(place, 5), std::string(5, '\0'));
}

TEST(SecretTest, AssignmentWipesWhatWasThere) {
  Secret secret("first");
  secret = Secret("second, and longer than a string holds in place");
  EXPECT_EQ(secret.reveal(), "second, and longer than a string holds in place");
  Secret& same = secret;
  secret = std::move(same);
  EXPECT_EQ(secret.reveal(), "second, and longer than a string holds in place");
}

TEST(SecretTest, CopyIsAskedForAloud) {
  const Secret first("swordfish");
  const Secret second = first.copy();
  EXPECT_EQ(first.reveal(), second.reveal());
  EXPECT_NE(first.reveal().data(), second.reveal().data());
}

// What the kernel keeps of the mapping that holds this address: "VmFlags: rd wr … dd" in /proc/self/smaps.
std::string flags_of(const void* address) {
  std::ifstream maps("/proc/self/smaps");
  bool here = false;
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0, last = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &first, &last) == 2) {
      const auto place = reinterpret_cast<unsigned long>(address);
      here = place >= first && place < last;
    }
    if (here && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

// Sanitizers take mlock for themselves, and lock nothing.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define NOTHING_IS_LOCKED
#endif
#endif
#ifdef NOTHING_IS_LOCKED
constexpr bool kNothingIsLocked = true;
#else
constexpr bool kNothingIsLocked = false;
#endif

TEST(SecretTest, OneThatIsKeptStaysOutOfCoreFilesAndOfSwap) {
  Secret kept = Secret::kept(Secret("swordfish"));
  EXPECT_EQ(kept.reveal(), "swordfish");
  EXPECT_TRUE(kept.equals("swordfish"));
  const auto flags = flags_of(kept.reveal().data());
  EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
  rlimit locked{};
  ::getrlimit(RLIMIT_MEMLOCK, &locked);
  if (locked.rlim_cur >= 1 << 16 && !kNothingIsLocked) {
    EXPECT_NE(flags.find(" lo "), std::string::npos) << flags;
  }
  const char* place = kept.reveal().data();
  const Secret moved(std::move(kept));
  EXPECT_EQ(moved.reveal().data(), place);
  EXPECT_TRUE(kept.empty()); // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_EQ(moved.copy().reveal(), "swordfish");
  EXPECT_TRUE(Secret::kept(Secret()).empty());
}

TEST(SecretTest, OneThatIsKeptIsGoneWithItsPages) {
  const char* place = nullptr;
  {
    const Secret kept = Secret::kept(Secret("swordfish"));
    place = kept.reveal().data();
  }
  EXPECT_EQ(flags_of(place), "");
}

TEST(SecretTest, IsWipedWhenDestroyed) {
  alignas(Secret) std::byte memory[sizeof(Secret)] = {};
  auto* secret = new (memory) Secret("swordfish");
  secret->~Secret();
  EXPECT_EQ(memmem(memory, sizeof memory, "wordfish", 8), nullptr);
}

} // namespace
} // namespace plugboard
