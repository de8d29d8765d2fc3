#include <plugboard/json_memory.hpp>

#include <gtest/gtest.h>

// Else these sanitizers end the program that asks for too much, where malloc gives null.
extern "C" const char* __asan_default_options() {
  return "allocator_may_return_null=1";
}

extern "C" const char* __tsan_default_options() {
  return "allocator_may_return_null=1";
}

namespace plugboard {
namespace {

constexpr std::size_t kTooMuch = std::size_t{1} << 62;

TEST(JsonMemoryTest, ThrowsWhereThereIsNone) {
  JsonMemory memory;
  void* volatile kept = nullptr; // else the compiler may leave out an allocation that nobody uses
  EXPECT_THROW(kept = memory.Malloc(kTooMuch), std::bad_alloc);
  void* const some = memory.Malloc(8);
  EXPECT_THROW(kept = memory.Realloc(some, 8, kTooMuch), std::bad_alloc);
  EXPECT_EQ(kept, nullptr);
  EXPECT_EQ(memory.Realloc(some, 8, 0), nullptr);
}

} // namespace
} // namespace plugboard
