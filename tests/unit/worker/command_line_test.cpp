#include "core/worker/confine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::worker {
namespace {

using ::testing::ElementsAre;

std::optional<Confinement> read(std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return read_command_line(static_cast<int>(arguments.size()), arguments.data());
}

Confinement some() {
  Confinement some;
  some.connector = "crm";
  some.plugin = "/plugin.so";
  some.folders = {"/files/0", "/a folder/\xc3\xa5"};
  some.tunnels = {5432, 65535};
  some.limits = {std::uint64_t{5} << 32, 16, 64, 50};
  some.others = 2;
  some.own_user = true;
  some.without = {wire::Layer::landlock, wire::Layer::cgroup};
  return some;
}

TEST(CommandLineTest, CarriesAllThatAWorkerMustKnow) {
  const auto read_back = read(command_line(some()));
  ASSERT_TRUE(read_back);
  EXPECT_EQ(read_back->connector, "crm");
  EXPECT_EQ(read_back->plugin, "/plugin.so");
  EXPECT_THAT(read_back->folders, ElementsAre("/files/0", "/a folder/\xc3\xa5"));
  EXPECT_THAT(read_back->tunnels, ElementsAre(5432, 65535));
  EXPECT_EQ(read_back->limits.memory_bytes, std::uint64_t{5} << 32);
  EXPECT_EQ(read_back->limits.threads, 16U);
  EXPECT_EQ(read_back->limits.descriptors, 64U);
  EXPECT_EQ(read_back->limits.cpu_percent, 50U);
  EXPECT_EQ(read_back->others, 2U);
  EXPECT_TRUE(read_back->own_user);
  EXPECT_THAT(read_back->without, ElementsAre(wire::Layer::landlock, wire::Layer::cgroup));
}

TEST(CommandLineTest, TellsPeopleWhoseWorkerItIs) {
  const auto words = command_line(some());
  EXPECT_EQ(words[0], "plugboard-worker");
  EXPECT_EQ(words[2], "crm");
}

TEST(CommandLineTest, IsNotReadFromWhatNoLauncherWrote) {
  const auto words = command_line(some());
  EXPECT_FALSE(read({"plugboard-worker"}));
  EXPECT_FALSE(read({words[0], "--help"}));
  EXPECT_FALSE(read({words[0], words[1], words[2]}));
  EXPECT_FALSE(read({words[0], "other", words[2], words[3]}));
  EXPECT_FALSE(read({words[0], words[1], words[2], words[3] + "00"}));
  EXPECT_FALSE(read({words[0], words[1], words[2], words[3].substr(2)}));
  EXPECT_FALSE(read({words[0], words[1], words[2], words[3].substr(1)}));
  EXPECT_FALSE(read({words[0], words[1], words[2], "zz" + words[3]}));
}

} // namespace
} // namespace plugboard::worker
