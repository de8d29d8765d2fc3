#include "core/base/secret.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <new>
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

TEST(SecretTest, IsWipedWhenDestroyed) {
  alignas(Secret) std::byte memory[sizeof(Secret)] = {};
  auto* secret = new (memory) Secret("swordfish");
  secret->~Secret();
  EXPECT_EQ(memmem(memory, sizeof memory, "wordfish", 8), nullptr);
}

} // namespace
} // namespace plugboard
