#include "core/base/names_in.hpp"
#include "tests/support/starvation.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>

namespace plugboard {
namespace {

using plugboard::testing::Starvation;

class NamesInTest : public ::testing::Test {
 protected:
  NamesInTest() {
    char folder[] = "/tmp/plugboard-names-XXXXXX";
    folder_ = ::mkdtemp(folder);
  }

  ~NamesInTest() override { std::filesystem::remove_all(folder_); }

  std::string folder_;
};

TEST_F(NamesInTest, TellsWhatLiesThereInOrder) {
  EXPECT_TRUE(names_in(folder_)->empty());
  std::filesystem::create_directory(folder_ + "/b");
  for (const auto* name : {"/c", "/a", "/.hidden", "/b/inner"}) std::ofstream(folder_ + name) << "x";
  EXPECT_EQ(*names_in(folder_), (std::vector<std::string>{".hidden", "a", "b", "c"}));
}

TEST_F(NamesInTest, SaysWhichFolderCannotBeListed) {
  const auto names = names_in(folder_ + "/none");
  ASSERT_FALSE(names);
  EXPECT_EQ(names.error().code, Code::io);
  EXPECT_EQ(names.error().message, "cannot list " + folder_ + "/none: No such file or directory");
}

TEST_F(NamesInTest, EndsNothingWhenMemoryEnds) {
  for (int i = 0; i < 40; ++i)
    std::ofstream(folder_ + "/a name too long for a string to keep in itself " + std::to_string(i));
  bool came = true;
  int times = 0;
  for (; came && times < 1000; ++times) {
    const Starvation starvation(times + 1);
    try {
      EXPECT_EQ(names_in(folder_)->size(), 40u);
    } catch (const std::bad_alloc&) {}
    came = starvation.came();
  }
  EXPECT_GT(times, 40);
}

} // namespace
} // namespace plugboard
