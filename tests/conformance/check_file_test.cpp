// What is found wrong with a plugin's file, by reading it.
#include "core/conformance/check_file.hpp"
#include "core/connector/file_bytes.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace plugboard::conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string bytes_of(const std::string& path) {
  return connector::read_file_bytes(path, std::size_t{64} << 20).value();
}

bool is_known(std::string_view name) { // of a compiler's own, here and with sanitizers
  return name.find("plugboard_nowhere") == std::string_view::npos;
}

std::vector<Finding> found_in(const std::string& path) {
  Findings findings;
  check_file(bytes_of(path), is_known, findings);
  return findings.all();
}

struct Case {
  const char* file;
  const char* rule;
  const char* where;
  const char* seen;
};

constexpr Case kCases[] = {
    {BAD_PLUGINS "not_elf.so", "file.library", "", "is not an ELF library"},
    {BAD_PLUGINS "truncated_half.so", "file.library", "", "is cut short"},
    {BAD_PLUGINS "no_note.so", "note.missing", "", "no plugboard note"},
    {BAD_PLUGINS "bad_manifest.so", "note.intact", "", "changed after the build"},
    {BAD_PLUGINS "major_2.so", "abi.major", "", "ABI 2.0"},
    {BAD_PLUGINS "no_entry.so", "symbols.entry", "", "exports no plugboard_connector_entry_v1"},
    {PLUGINS "exported.so", "symbols.exported", "", "exports also_there"},
    {PLUGINS "unique.so", "symbols.unique", "", "also_there"},
    {PLUGINS "needed.so", "link.needed", "", "libplugboard_nowhere.so"},
    {PLUGINS "search_path.so", "link.search_path", "", "/home/author/lib"},
    {PLUGINS "stack.so", "link.stack", "", "executable stack"},
    {PLUGINS "text_relocations.so", "link.text_relocations", "", "within its code"},
    {PLUGINS "build_id.so", "link.build_id", "", "no build-id"},
    {PLUGINS "member_twice.so", "manifest.json", "/manifest/summary", "twice"},
    {PLUGINS "schema.so", "manifest.schema", "/licence", "licence"},
    {PLUGINS "identifiers.so", "manifest.identifiers", "/sections/contact/yields/0", "shoe_size"},
    {PLUGINS "proof_identifiers.so", "manifest.identifiers", "/identifiers/1", "shoe_size"},
    {PLUGINS "shapes.so", "manifest.shapes", "/sections/contact/shape", "contact/v9"},
    {PLUGINS "input_shapes.so", "manifest.shapes", "/sections/score/from/tickets/shape", "tickets/v9"},
    {PLUGINS "inputs.so", "manifest.inputs", "/sections/score/from/tickets/shape", "one section"},
    {PLUGINS "underived.so", "manifest.hub", "", "needs \"derive\" among the operations"},
    {PLUGINS "hub.so", "manifest.hub", "", "/version"},
    {PLUGINS "config_schema.so", "config.schema", "", "multipleOf"},
};

class IllPlugin : public testing::TestWithParam<Case> {};

TEST_P(IllPlugin, IsCaughtByItsRuleAndByNoOther) {
  const auto findings = found_in(GetParam().file);
  ASSERT_FALSE(findings.empty());
  for (const auto& finding : findings)
    EXPECT_EQ(finding.rule, GetParam().rule) << finding.where << ": " << finding.seen;
  const bool there = std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.where == GetParam().where && finding.seen.find(GetParam().seen) != std::string::npos;
  });
  EXPECT_TRUE(there) << findings.front().where << ": " << findings.front().seen;
}

INSTANTIATE_TEST_SUITE_P(CheckFileTest, IllPlugin, testing::ValuesIn(kCases), [](const auto& each) {
  const std::string path = each.param.file;
  const auto name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.size() - 3);
});

TEST(CheckFileTest, FindsNothingWrongWithASoundPlugin) {
  EXPECT_THAT(found_in(PLUGINS "sound.so"), IsEmpty());
  EXPECT_THAT(found_in(BAD_PLUGINS "good.so"), IsEmpty());
}

TEST(CheckFileTest, EachRuleForFilesHasAPluginThatBreaksIt) {
  std::set<std::string_view> broken;
  for (const auto& each : kCases) broken.insert(each.rule);
  for (const auto& each : rules()) {
    if (each.id == "process.survives") break; // from here on they are about what runs
    EXPECT_TRUE(broken.contains(each.id)) << each.id;
  }
}

TEST(CheckFileTest, SaysAllThatIsWrongAtOnce) {
  const auto bytes = bytes_of(PLUGINS "stack.so");
  Findings findings;
  check_file(
      bytes, [](std::string_view) { return false; }, findings);
  EXPECT_TRUE(findings.has("link.stack"));
  EXPECT_TRUE(findings.has("link.needed"));
}

// Whatever its author did to a file, reading it harms nobody; sanitizers see more here than the test.
TEST(CheckFileTest, ReadsDamagedFilesWithoutHarm) {
  const auto sound = bytes_of(PLUGINS "sound.so");
  std::mt19937 dice(7); // NOLINT(cert-msc51-cpp): the same damage each time
  std::size_t refused = 0;
  for (int round = 0; round < 500; ++round) {
    auto bytes = sound;
    for (int i = 0; i < 4; ++i) { // half of it where the headers and tables are
      const auto most = i % 2 == 0 ? std::min<std::size_t>(bytes.size(), 4096) : bytes.size();
      bytes[dice() % most] = static_cast<char>(dice());
    }
    if (round % 5 == 0) bytes.resize(dice() % bytes.size());
    Findings findings;
    check_file(bytes, is_known, findings);
    refused += findings.all().empty() ? 0 : 1;
  }
  EXPECT_GT(refused, 150U);
}

} // namespace
} // namespace plugboard::conformance
