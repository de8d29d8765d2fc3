// That the connector which the promises lean on does what its modes say, each in a process of its own.
#include "deeds.hpp"
#include "modes.hpp"

#include <plugboard/testkit.hpp>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <thread>

extern "C" const plugboard_connector* plugboard_connector_entry_v1(void);

namespace plugboard::chaos {
namespace {

std::span<const Deed> deeds_of(Kind kind) {
  switch (kind) {
  case Kind::crash:
    return crashes();
  case Kind::hang:
    return hangs();
  case Kind::bomb:
    return bombs();
  case Kind::lie:
    return lies();
  case Kind::frame:
    return frames();
  }
  return {};
}

const Deed& deed(std::string_view name) {
  for (const auto kind : {Kind::crash, Kind::hang, Kind::bomb, Kind::lie, Kind::frame})
    for (const auto& one : deeds_of(kind))
      if (one.name == name) return one;
  throw std::runtime_error("no deed " + std::string(name));
}

pid_t in_a_process(const std::function<void()>& work) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) ::signal(signal, SIG_DFL);
  [&]() noexcept { work(); }();
  ::_exit(77);
}

// How it ended within that time, as waitpid says; -1: not yet, and now it is killed.
int end_of(pid_t child, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > until) {
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
      return -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return status;
}

TEST(ChaosModesTest, EachHasADeedAndEachDeedIsAMode) {
  std::size_t deeds = 0;
  for (const auto kind : {Kind::crash, Kind::hang, Kind::bomb, Kind::lie, Kind::frame}) {
    deeds += deeds_of(kind).size();
    for (const auto& one : deeds_of(kind)) {
      ASSERT_NE(mode_named(one.name), nullptr) << one.name;
      EXPECT_EQ(mode_named(one.name)->kind, kind) << one.name;
    }
  }
  EXPECT_EQ(deeds, kModes.size());
  EXPECT_GE(deeds, 45U);
}

TEST(ChaosModesTest, CrashesEndTheirProcess) {
  for (const auto& crash : crashes()) {
    const pid_t child = in_a_process([&] { static_cast<void>(crash.run({})); });
    const int status = end_of(child, std::chrono::seconds(20));
    EXPECT_NE(status, -1) << crash.name << " goes on";
    EXPECT_FALSE(WIFEXITED(status) && WEXITSTATUS(status) == 77) << crash.name << " came back";
  }
}

TEST(ChaosModesTest, SignalsAreThoseThatTheModesAreNamedFor) {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
  const std::pair<const char*, int> expected[] = {{"segv", SIGSEGV}, {"bus", SIGBUS},   {"ill", SIGILL},
                                                  {"fpe", SIGFPE},   {"abrt", SIGABRT}, {"sigkill", SIGKILL}};
  for (const auto& [name, signal] : expected) {
    const int status = end_of(in_a_process([&] { static_cast<void>(deed(name).run({})); }), std::chrono::seconds(20));
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << name << " " << status;
  }
#endif
}

TEST(ChaosModesTest, HangsDoNotEnd) {
  std::vector<std::pair<std::string_view, pid_t>> children;
  for (const auto& hang : hangs())
    children.emplace_back(hang.name, in_a_process([&] { static_cast<void>(hang.run({})); }));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  for (const auto& [name, child] : children) EXPECT_EQ(end_of(child, std::chrono::milliseconds(1)), -1) << name;
}

TEST(ChaosModesTest, BombsStopAtTheirLimit) {
  const pid_t child = in_a_process([] {
    const rlimit few{64, 64};
    ::setrlimit(RLIMIT_NOFILE, &few);
    const auto outcome = deed("descriptors").run({});
    ::_exit(outcome.refused == EMFILE && outcome.got > 0 && outcome.got <= 64 ? 0 : 1);
  });
  EXPECT_EQ(end_of(child, std::chrono::seconds(20)), 0);
}

TEST(ChaosConnectorTest, AnswersProperlyUnlessToldOtherwise) {
  testkit::FakeHost host;
  testkit::Running chaos(host, plugboard_connector_entry_v1());
  const auto answer = chaos
                          .lookup({.section = "record",
                                   .identifiers = {{"customer_id", "c-7"}},
                                   .params = R"({"marker": "m-1", "other": 5})"})
                          .wait();
  EXPECT_EQ(answer.status, Status::ok);
  EXPECT_EQ(answer.data.find(R"({"customer":"c-7","marker":"m-1","since":)"), 0U) << answer.data;
}

TEST(ChaosConnectorTest, LiesTheWayItIsAsked) {
  testkit::FakeHost host;
  testkit::Running chaos(host, plugboard_connector_entry_v1());
  const auto answer = [&](const std::string& mode) {
    return chaos
        .lookup({.section = "record",
                 .identifiers = {{"customer_id", "c-7"}},
                 .params = R"({"mode": ")" + mode + R"(", "marker": "m"})"})
        .wait()
        .data;
  };
  EXPECT_NE(answer("nan").find(",\"number\":NaN}"), std::string::npos);
  EXPECT_NE(answer("wrong_customer").find("somebody-else"), std::string::npos);
  EXPECT_GT(answer("huge_reply").size(), 100'000'000U);
  EXPECT_NE(answer("nul").find(std::string_view("a\0b", 3)), std::string::npos);
  auto twice = chaos.lookup({.section = "record", .params = R"({"mode": "two_replies"})"});
  EXPECT_EQ(twice.completions(), 2);
}

TEST(ChaosConnectorTest, CanFailToBeMade) {
  const pid_t child = in_a_process([] {
    testkit::FakeHost host;
    const testkit::Running chaos(host, plugboard_connector_entry_v1(), R"({"init": "abrt"})");
  });
  const int status = end_of(child, std::chrono::seconds(20));
  EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) != 77) << status;
}

} // namespace
} // namespace plugboard::chaos
