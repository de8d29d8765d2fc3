// What the suite finds wrong with plugins when they run: for each rule there is one that this rule alone catches.
#include "core/conformance/suite.hpp"

#include "core/connector/file_bytes.hpp"

#include <gmock/gmock.h>

#include <set>

namespace plugboard::conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::set<std::string_view> broken_by(const std::string& path, const char* tried_with = SCENARIO "conformance.json") {
  auto file = connector::inspect_plugin_file(path).value();
  const auto text = connector::read_file_bytes(tried_with, std::size_t{1} << 20).value();
  auto scenario = read_scenario(text, file.manifest).value();
  std::set<std::string_view> broken;
  for (const auto& trial : run_suite({std::move(file), std::move(scenario)}, SystemClock()))
    for (const auto& finding : trial.findings) broken.insert(finding.rule);
  return broken;
}

struct Case {
  const char* file;
  const char* rule;
  const char* scenario = SCENARIO "conformance.json";
};

constexpr Case kCases[] = {
    {PLUGINS "crashes.so", "process.survives"},
    {BAD_PLUGINS "null_call.so", "life.table"},
    {BAD_PLUGINS "start_fails.so", "life.start"},
    {PLUGINS "leaks.so", "life.leaks"},
    {PLUGINS "leaves_thread.so", "life.leaks"},
    {PLUGINS "never.so", "call.answered"},
    {PLUGINS "twice.so", "call.once"},
    {PLUGINS "drops.so", "call.dropped"},
    {PLUGINS "returns.so", "call.returns"},
    {PLUGINS "deadline.so", "call.deadline"},
    {PLUGINS "cancel.so", "call.cancel"},
    {PLUGINS "after_stop.so", "call.after_stop"},
    {PLUGINS "crowd.so", "call.concurrent"},
    {PLUGINS "protocol.so", "reply.protocol"},
    {PLUGINS "shape.so", "reply.shape"},
    {PLUGINS "customer.so", "reply.customer"},
    {PLUGINS "expected.so", "reply.expected"},
    {PLUGINS "health.so", "health.answered"},
    {PLUGINS "exports.so", "subject.answered", SCENARIO "subject.json"},
    {PLUGINS "again.so", "subject.again", SCENARIO "subject.json"},
    {PLUGINS "operations.so", "manifest.operations"},
    {PLUGINS "sections.so", "manifest.sections"},
    {PLUGINS "hosts.so", "manifest.hosts"},
    {PLUGINS "unauthorized.so", "upstream.unauthorized"},
    {PLUGINS "not_found.so", "upstream.not_found"},
    {PLUGINS "refused.so", "upstream.refused"},
    {PLUGINS "rate_limited.so", "upstream.rate_limited"},
    {PLUGINS "failed.so", "upstream.failed"},
    {PLUGINS "redirect.so", "upstream.redirect"},
    {PLUGINS "garbage.so", "upstream.garbage"},
    {PLUGINS "passed_on.so", "upstream.passed_on"},
    {PLUGINS "lacking.so", "derive.inputs", SCENARIO "derived.json"},
    {PLUGINS "rubbish.so", "derive.inputs", SCENARIO "derived.json"},
    {PLUGINS "secrets.so", "secrets.kept"},
};

class Misbehaving : public testing::TestWithParam<Case> {};

TEST_P(Misbehaving, IsCaughtByItsRuleAndByNoOther) {
  EXPECT_THAT(broken_by(GetParam().file, GetParam().scenario), ElementsAre(GetParam().rule));
}

INSTANTIATE_TEST_SUITE_P(SuiteTest, Misbehaving, testing::ValuesIn(kCases), [](const auto& each) {
  const std::string path = each.param.file;
  const auto name = path.substr(path.rfind('/') + 1);
  return name.substr(0, name.size() - 3);
});

TEST(SuiteTest, FindsNothingWrongWithAPluginThatBehaves) {
  EXPECT_THAT(broken_by(PLUGINS "well.so"), IsEmpty());
  EXPECT_THAT(broken_by(PLUGINS "derived.so", SCENARIO "derived.json"), IsEmpty());
  EXPECT_THAT(broken_by(PLUGINS "rights.so", SCENARIO "subject.json"), IsEmpty());
}

TEST(SuiteTest, EachRuleForWhatRunsHasAPluginThatBreaksIt) {
  std::set<std::string_view> broken;
  for (const auto& each : kCases) broken.insert(each.rule);
  bool is_of_files = true;
  for (const auto& each : rules()) {
    is_of_files = is_of_files && each.id != "process.survives";
    EXPECT_TRUE(is_of_files || broken.contains(each.id)) << each.id;
  }
}

} // namespace
} // namespace plugboard::conformance
