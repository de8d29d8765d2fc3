#include "core/connector/plugin_file.hpp"

#include "core/base/crypto.hpp"
#include "core/base/random.hpp"
#include "core/connector/file_bytes.hpp"
#include "core/connector/table_check.hpp"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <unistd.h>

namespace plugboard::connector {
namespace {

std::string path_of(const std::string& name) {
  return std::string(PLUGBOARD_BAD_PLUGINS) + "/" + name + ".so";
}

std::string refusal(const std::string& name) {
  const auto file = inspect_plugin_file(path_of(name));
  if (file) return "none";
  EXPECT_NE(file.error().message.find(path_of(name)), std::string::npos) << "names the file";
  return file.error().message;
}

TEST(PluginFileTest, ReadsARealPluginWithoutRunningIt) {
  const auto file = inspect_plugin_file(path_of("good"));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->path, path_of("good"));
  EXPECT_EQ(file->manifest.name, "good");
  EXPECT_EQ(file->manifest.version, "1.0.0");
  EXPECT_EQ(file->abi_major, 1);
  EXPECT_EQ(file->build_id.size(), 40U); // SHA-1
  EXPECT_EQ(file->sha256, hex(sha256(read_file_bytes(path_of("good"), 1 << 30).value())));
}

TEST(PluginFileTest, EachWrongFileHasItsOwnSentence) {
  EXPECT_NE(refusal("not_elf").find("not an ELF library"), std::string::npos);
  EXPECT_NE(refusal("no_note").find("no plugboard note"), std::string::npos);
  EXPECT_NE(refusal("major_2").find("was built for ABI 2.0; this hub speaks 1.0:"), std::string::npos);
  EXPECT_NE(refusal("bad_manifest").find("manifest that was changed"), std::string::npos);
  EXPECT_NE(refusal("of_a_later_hub").find("needs a hub that speaks ABI 1.7 at least; this one speaks 1.0"),
            std::string::npos);
  EXPECT_NE(refusal("note_past_end").find("damaged notes"), std::string::npos);
  EXPECT_NE(refusal("truncated_head").find("cut short"), std::string::npos);
  EXPECT_NE(refusal("truncated_half").find("beyond its end"), std::string::npos); // to map it would be a bus error
  EXPECT_NE(refusal("there_is_none").find("does not exist"), std::string::npos);
}

TEST(PluginFileTest, TakesWhatWasBuiltFromOtherHeadersOfItsMajor) {
  EXPECT_TRUE(inspect_plugin_file(path_of("other_abi")));
}

// What the manifest says before any code runs, the table says again; a table alone may still say it.
TEST(PluginFileTest, IsHeldToTheHubThatItNeedsTwice) {
  auto file = inspect_plugin_file(path_of("good"));
  ASSERT_TRUE(file) << file.error().message;
  plugboard_connector table{};
  table.p = PLUGBOARD_PREFIX(plugboard_connector);
  table.name = "good";
  table.version = "1.0.0";
  table.min_host_minor = 7;
  const auto said = [&] { return check_table(&table, *file).error().message; };
  EXPECT_NE(said().find("it needs a hub that speaks ABI 1.7 at least"), std::string::npos) << said();
  file->manifest.min_host_minor = 0;
  EXPECT_NE(said().find("its table says that it needs a hub of ABI 1.7, its manifest 1.0"), std::string::npos)
      << said();
  table.min_host_minor = 0;
  EXPECT_NE(said().find("its table has no create()"), std::string::npos) << said();
}

TEST(PluginFileTest, RunsNothingOfWhatItRefuses) {
  const std::string marker = ::testing::TempDir() + "plugboard_marker_" + std::to_string(::getpid());
  ::setenv("PLUGBOARD_BAD_PLUGIN_MARKER", marker.c_str(), 1);
  for (const char* name : {"major_2", "no_note", "bad_manifest", "note_past_end", "of_a_later_hub"})
    static_cast<void>(inspect_plugin_file(path_of(name)));
  EXPECT_FALSE(std::filesystem::exists(marker));
}

TEST(PluginFileTest, SurvivesDamageToARealLibrary) {
  const std::string whole = read_file_bytes(path_of("good"), 1 << 30).value();
  SeededRandom random(7);
  for (int round = 0; round < 300; ++round) {
    std::string bytes = whole.substr(0, random.below(whole.size()));
    if (bytes.size() > 4096) bytes[random.below(4096)] = static_cast<char>(random.below(256));
    const auto file = inspect_plugin(bytes, "/x/good.so");
    EXPECT_TRUE(file || file.error().message.find("/x/good.so") != std::string::npos);
  }
}

TEST(PluginFileTest, AChangedManifestIsNoticedWhereverItIsChanged) {
  const std::string whole = read_file_bytes(path_of("good"), 1 << 30).value();
  const std::size_t begin = whole.find("{\"manifest\": ");
  ASSERT_NE(begin, std::string::npos);
  for (std::size_t at = begin; at < begin + 200; at += 7) {
    std::string bytes = whole;
    bytes[at] ^= 1;
    EXPECT_FALSE(inspect_plugin(bytes, "x"));
  }
}

} // namespace
} // namespace plugboard::connector
