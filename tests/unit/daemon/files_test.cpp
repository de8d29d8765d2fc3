#include "core/daemon/build.hpp"
#include "core/daemon/read_file.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace plugboard::daemon {
namespace {

using testing::HasSubstr;

TEST(ReadFileTest, ReadsAWholeFileUpToItsBound) {
  test::TempFolder folder;
  std::string text(100'000, 'x');
  text += '\0';
  auto file = folder.write("file", text);
  EXPECT_EQ(read_file(file).value(), text);
  EXPECT_EQ(read_file(file, text.size()).value(), text);
  auto refused = read_file(file, text.size() - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::too_large);
  EXPECT_THAT(refused.error().message, HasSubstr(file));
}

TEST(ReadFileTest, SaysWhyAFileCannotBeRead) {
  test::TempFolder folder;
  auto missing = read_file(folder / "nothing");
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, testing::AllOf(HasSubstr(folder / "nothing"), HasSubstr("No such file")));
  EXPECT_THAT(read_file(folder.path()).error().message, HasSubstr("directory"));
}

class SystemSecretsTest : public testing::Test {
 protected:
  Result<Secret> file(const std::string& name) { return resolve({SecretReference::Kind::file, folder / name, ""}); }

  Result<Secret> env(const std::string& name) { return resolve({SecretReference::Kind::env, name, ""}); }

  test::TempFolder folder;
  ResolveSecret resolve = system_secrets();
};

TEST_F(SystemSecretsTest, ComeFromFilesWithoutTheEditorsLineEnd) {
  folder.write("a", "secret\n");
  folder.write("b", "secret\r\n");
  folder.write("c", " two\nlines ");
  EXPECT_EQ(file("a")->reveal(), "secret");
  EXPECT_EQ(file("b")->reveal(), "secret");
  EXPECT_EQ(file("c")->reveal(), " two\nlines ");
  folder.write("a", "rotated\n");
  EXPECT_EQ(file("a")->reveal(), "rotated");
}

TEST_F(SystemSecretsTest, ComeFromTheEnvironment) {
  ::setenv("PLUGBOARD_SECRET_OF_A_TEST", "open sesame", 1);
  EXPECT_EQ(env("PLUGBOARD_SECRET_OF_A_TEST")->reveal(), "open sesame");
  EXPECT_STREQ(::getenv("PLUGBOARD_SECRET_OF_A_TEST"), "") << "gone from where others could read it";
  EXPECT_EQ(env("PLUGBOARD_SECRET_OF_A_TEST")->reveal(), "open sesame") << "and still there for a reload";
  ::unsetenv("PLUGBOARD_SECRET_OF_A_TEST");
}

TEST_F(SystemSecretsTest, SayWhatToDoWhenTheyAreNotThere) {
  folder.write("empty", "\n");
  folder.write("huge", std::string(70'000, 'x'));
  ::setenv("PLUGBOARD_EMPTY_SECRET_OF_A_TEST", "", 1);
  EXPECT_THAT(file("empty").error().message,
              testing::AllOf(HasSubstr("is empty"), HasSubstr("put the secret into it")));
  EXPECT_THAT(file("nothing").error().message, testing::AllOf(HasSubstr("nothing"), HasSubstr("make the file")));
  EXPECT_THAT(file("huge").error().message, HasSubstr("over 65536 bytes"));
  for (const auto* name : {"PLUGBOARD_NO_SECRET_OF_A_TEST", "PLUGBOARD_EMPTY_SECRET_OF_A_TEST"})
    EXPECT_THAT(env(name).error().message, testing::AllOf(HasSubstr(name), HasSubstr("set it for the hub")));
  ::unsetenv("PLUGBOARD_EMPTY_SECRET_OF_A_TEST");
}

} // namespace
} // namespace plugboard::daemon
