#include "core/base/trace_context.hpp"

#include <gtest/gtest.h>

namespace plugboard {
namespace {

constexpr std::string_view kParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContextTest, TakesWhatItCanPassOn) {
  const auto trace = read_trace_context(kParent, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  EXPECT_EQ(trace.parent, kParent);
  EXPECT_EQ(trace.state, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE");
  EXPECT_EQ(trace.id(), "0af7651916cd43dd8448eb211c80319c");
}

TEST(TraceContextTest, TakesNoParentOfAnotherFormAndNoStateWithoutOne) {
  for (const std::string_view parent : {"", "rubbish", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                                        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                                        "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01"}) {
    const auto trace = read_trace_context(parent, "rojo=1");
    EXPECT_EQ(trace.parent, "") << parent;
    EXPECT_EQ(trace.state, "") << parent;
    EXPECT_EQ(trace.id(), "") << parent;
  }
  EXPECT_EQ(read_trace_context(std::nullopt, "rojo=1").state, "");
}

TEST(TraceContextTest, DropsAStateThatIsTooLongOrNoText) {
  EXPECT_EQ(read_trace_context(kParent, std::string(512, 'x')).state.size(), 512U);
  EXPECT_EQ(read_trace_context(kParent, std::string(513, 'x')).state, "");
  EXPECT_EQ(read_trace_context(kParent, "a=\x01").state, "");
  EXPECT_EQ(read_trace_context(kParent, std::nullopt).state, "");
}

} // namespace
} // namespace plugboard
