// Which plugins are let in, and what is said to those that are not.
#include "bench.hpp"

#include <filesystem>
#include <unistd.h>

namespace plugboard::connector {
namespace {

class StartTest : public Bench {
 protected:
  std::string refusal(const std::string& plugin) {
    const auto started = try_start(settings(bad_plugin(plugin)));
    if (started) return "none";
    EXPECT_EQ(started.error().origin, "connector crm");
    EXPECT_NE(started.error().message.find("connector \"crm\""), std::string::npos);
    return started.error().message;
  }

  void expect_refused(const std::string& plugin, const char* because) {
    const std::string message = refusal(plugin);
    EXPECT_NE(message.find(because), std::string::npos) << plugin << ": " << message;
  }
};

TEST_F(StartTest, AGoodPluginStartsAndStops) {
  start(settings(bad_plugin("good")));
  EXPECT_EQ(connector->state(), State::ready);
  EXPECT_TRUE(log.has("connector.started connector=crm plugin=good 1.0.0"));
  connector->stop();
  EXPECT_EQ(connector->state(), State::stopped);
  connector->stop(); // twice is fine
}

TEST_F(StartTest, EachWayNotToStartHasItsOwnSentence) {
  expect_refused("no_entry", "has no function plugboard_connector_entry_v1");
  expect_refused("null_entry", "returned no table");
  expect_refused("wrong_magic", "magic number");
  expect_refused("short_struct", "table is too short");
  expect_refused("null_call", "no call()");
  expect_refused("wrong_name", "its table says that it is");
}

TEST_F(StartTest, WhatThePluginSaysIsPassedOn) {
  expect_refused("create_fails", "the setting \"url\" must be an https address");
  expect_refused("start_fails", "the database does not answer");
  expect_refused("create_throws", "std::exception");
}

TEST_F(StartTest, AFileThatWasChangedSinceItWasInspectedIsNotLoaded) {
  Settings changed = settings(bad_plugin("good"));
  changed.plugin.sha256[0] = changed.plugin.sha256[0] == '0' ? '1' : '0';
  const auto started = try_start(changed);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("was changed while it was being loaded"), std::string::npos);
}

// Of this process, that are libraries mapped for good.
std::size_t mapped_files() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone; // the folder's own descriptor
    count += std::filesystem::read_symlink(entry.path(), gone).string().starts_with("/memfd:good") ? 1 : 0;
  }
  return count;
}

TEST_F(StartTest, ALibraryIsMappedOnceForAllItsConnectorsAndStarts) {
  Settings again = settings(bad_plugin("good"));
  again.libraries = std::make_shared<Libraries>();
  const std::size_t before = mapped_files();
  for (int i = 0; i < 3; ++i) {
    auto first = try_start(again), second = try_start(again); // they run at one time
    ASSERT_TRUE(first && second);
    EXPECT_EQ(mapped_files() - before, 1U);
  }
}

TEST_F(StartTest, AStartThatFailsLeavesItsLibraryForTheNext) {
  Settings fails = settings(bad_plugin("create_fails"));
  fails.libraries = std::make_shared<Libraries>();
  EXPECT_FALSE(try_start(fails));
  const auto table = fails.libraries->map(fails.plugin);
  ASSERT_TRUE(table);
  EXPECT_FALSE(try_start(fails));
  EXPECT_EQ(*fails.libraries->map(fails.plugin), *table);
}

TEST_F(StartTest, AFileThatCanNotBeMappedIsTriedAgain) {
  Settings made = settings(bad_plugin("good"));
  made.libraries = std::make_shared<Libraries>();
  const auto path = std::exchange(made.plugin.path, "/nowhere/good.so");
  EXPECT_FALSE(try_start(made));
  made.plugin.path = path;
  EXPECT_TRUE(try_start(made));
}

TEST_F(StartTest, ASectionOfAnUnknownShapeIsToldWhichThereAre) {
  Settings wrong = settings(bad_plugin("good"));
  wrong.sections[0].shape = "contract/v1";
  const auto started = try_start(wrong);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("\"contract/v1\""), std::string::npos);
  EXPECT_NE(started.error().message.find("contact/v1"), std::string::npos);
}

TEST_F(StartTest, AGrantThatIsNoneIsRefused) {
  Settings wrong = probe(false);
  wrong.egress = {"http:"};
  const auto started = try_start(wrong);
  ASSERT_FALSE(started);
  EXPECT_NE(started.error().message.find("grants.egress"), std::string::npos);
}

TEST_F(StartTest, AGrantThatThePluginDoesNotAskForIsReported) {
  Settings made = settings(bad_plugin("good"));
  made.egress = {"https:api.example"};
  start(made);
  EXPECT_TRUE(log.has("connector.grant_not_asked connector=crm plugin=good grant=https:api.example"));
}

TEST_F(StartTest, TheLibraryRunsAfterItsFileIsGone) {
  const auto copy = std::filesystem::path(::testing::TempDir()) / ("good_" + std::to_string(::getpid()) + ".so");
  std::filesystem::copy_file(bad_plugin("good"), copy, std::filesystem::copy_options::overwrite_existing);
  start(settings(copy.string()));
  std::filesystem::remove(copy);
  EXPECT_EQ(ask("contact", Deadline::never(), for_email("a@b.example")).status, Status::ok);
}

TEST_F(StartTest, TwoConnectorsOfOnePluginShareItsCodeAndStaticsAndNothingElse) {
  Control other;
  int calls = 0, others_calls = 0;
  control.on_call = [&](const plugboard_host* host, const plugboard_request&, plugboard_call* call) {
    ++calls;
    answer(host, call, "{}");
  };
  other.on_call = [&](const plugboard_host*, const plugboard_request&, plugboard_call*) { ++others_calls; };
  Settings first = probe(false);
  first.libraries = std::make_shared<Libraries>();
  start(first);
  Settings second = first;
  second.name = "second";
  second.config = "{\"control\": " + std::to_string(reinterpret_cast<std::uintptr_t>(&other)) + "}";
  auto also = try_start(second);
  ASSERT_TRUE(also) << also.error().message;
  EXPECT_EQ(control.own_static.load(), other.own_static.load());
  ask("any");
  ask("any");
  EXPECT_EQ(*control.own_static.load(), 2);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(others_calls, 0) << "each has its own instance";
  (*also)->stop();
}

TEST_F(StartTest, IsDestroyedOnceAfterItIsStopped) {
  start(probe(false));
  connector->stop();
  connector->stop();
  EXPECT_EQ(control.stops, 1);
  EXPECT_EQ(control.destroys, 1);
}

} // namespace
} // namespace plugboard::connector
