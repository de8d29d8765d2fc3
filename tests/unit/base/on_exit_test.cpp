#include "core/base/on_exit.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace plugboard {
namespace {

TEST(OnExit, does_its_step_when_the_scope_ends) {
  int steps = 0;
  {
    const OnExit step([&] { ++steps; });
    EXPECT_EQ(steps, 0);
  }
  EXPECT_EQ(steps, 1);
}

TEST(OnExit, does_its_step_when_an_exception_ends_the_scope) {
  int steps = 0;
  const auto fail = [&] {
    const OnExit step([&] { ++steps; });
    throw std::runtime_error("ends it");
  };
  EXPECT_THROW(fail(), std::runtime_error);
  EXPECT_EQ(steps, 1);
}

TEST(OnExit, does_nothing_once_dismissed) {
  int steps = 0;
  {
    OnExit step([&] { ++steps; });
    step.dismiss();
  }
  EXPECT_EQ(steps, 0);
}

TEST(OnExit, ends_the_last_first) {
  std::string order;
  {
    const OnExit first([&] { order += "first"; });
    const OnExit second([&] { order += "second "; });
  }
  EXPECT_EQ(order, "second first");
}

} // namespace
} // namespace plugboard
