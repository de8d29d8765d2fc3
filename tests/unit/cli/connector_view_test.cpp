#include "core/cli/connector_view.hpp"

#include <gmock/gmock.h>

namespace plugboard::cli {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kWorker = R"~({
  "name": "crm", "plugin": "sql", "version": "1.0.0", "build_id": "b1", "state": "ready", "isolation": "worker",
  "banner": "its worker lacks layers of the sandbox: cgroup (no \u001b[2J)",
  "worker": {"state": "breaker_open", "pid": 77, "profile": "standard",
    "layers": {"present": ["user", "seccomp"], "missing": [{"layer": "cgroup", "why": "no \u001b[2J"}]},
    "starts": 4, "crashes": 2, "killed": 0, "at_limit": 1,
    "last_exits": [{"at": "2026-01-01T00:00:00Z", "how": "killed by the kernel: memory limit (512 MiB)"},
                   {"at": "2025-12-31T23:00:00Z", "how": "signal 11"}],
    "memory_bytes": 25165824, "resident_bytes": 12582912, "cpu_ms": 1500.0,
    "limits": {"memory_mb": 512, "threads": 64, "descriptors": 256, "cpu_percent": 50}},
  "timeout_ms": 10000, "sections": ["crm.contact"], "identifiers": [], "calls": 9, "failures": 1,
  "protocol_violations": 0, "in_flight": 2, "waiting": 0,
  "breakers": [{"tenant": "default", "state": "closed", "opened": 0},
               {"tenant": "se", "state": "open", "open_for_ms": 3500, "probe_in_ms": 700, "opened": 2}],
  "concurrency": {"limit": 12, "most": 64, "running": 2, "waiting": 5}, "refused": {"breaker_open": 7, "overloaded": 8},
  "retries": {"made": 3, "without_budget": 4}, "hedges": {"made": 6, "answered": 1, "sections": []}})~";

constexpr std::string_view kInside = R"~({
  "name": "login", "plugin": "jwt", "version": "1.0.0", "build_id": "b2", "state": "ready", "isolation": "in_process",
  "banner": "runs inside the hub", "sections": [], "identifiers": ["email"], "calls": 0, "failures": 0,
  "protocol_violations": 0, "in_flight": 0, "waiting": 0, "breakers": [],
  "concurrency": {"limit": 64, "most": 64, "running": 0, "waiting": 0}, "refused": {"breaker_open": 0, "overloaded": 0},
  "retries": {"made": 0, "without_budget": 0}, "hedges": {"made": 0, "answered": 0, "sections": []}})~";

std::vector<std::string> row(std::string_view text) {
  json::Reader reader;
  return connector_row(*reader.read(text));
}

std::string viewed(std::string_view text) {
  json::Reader reader;
  const Terminal terminal;
  return view_connector(*reader.read(text), terminal, *parse_rfc3339("2026-01-01T00:01:00Z"));
}

TEST(ConnectorViewTest, ShowsTheWorkersStateAndLevelInTheList) {
  EXPECT_THAT(row(kWorker), ElementsAre("crm", "sql 1.0.0", "breaker_open", "open for 1 of 2 tenants", "worker 2/3",
                                        "24 MiB", "3", "9", "1", "2 of 12", "crm.contact"));
  EXPECT_EQ(row(kWorker).size(), connector_heads().size());
}

TEST(ConnectorViewTest, MarksWhatRunsInTheHub) {
  EXPECT_THAT(row(kInside),
              ElementsAre("login", "jwt 1.0.0", "ready", "closed", "in_process!", "", "", "0", "0", "0 of 64", ""));
  EXPECT_THAT(viewed(kInside), AllOf(HasSubstr("runs inside the hub\n"), Not(HasSubstr("memory"))));
}

TEST(ConnectorViewTest, SaysWhatIsMissingAndWhyWithoutObeyingIt) {
  const auto text = viewed(kWorker);
  EXPECT_THAT(text, AllOf(HasSubstr("+ user\n"), HasSubstr("+ seccomp\n"), HasSubstr("- cgroup")));
  EXPECT_THAT(text, AllOf(HasSubstr("no \\x1b[2J"), Not(HasSubstr("\x1b"))));
}

TEST(ConnectorViewTest, SaysHowTheSystemFares) {
  const auto text = viewed(kWorker);
  EXPECT_THAT(text, HasSubstr("se: left alone for 3.5 s, tried again in 0.7 s, opened 2 times\n"));
  EXPECT_THAT(text, HasSubstr("2 of 12 calls, 64 at most, 5 waiting\n"));
  EXPECT_THAT(text, HasSubstr("7 by the breaker, 8 since too many waited\n"));
  EXPECT_THAT(text, HasSubstr("3 after a failure (4 more had no budget), 6 beside a slow one (1 answered first)\n"));
}

TEST(ConnectorViewTest, SaysWhenAndHowWorkersEnded) {
  const auto text = viewed(kWorker);
  EXPECT_THAT(text, HasSubstr("60 s ago    killed by the kernel: memory limit (512 MiB)\n"));
  EXPECT_THAT(text, HasSubstr("61 min ago  signal 11\n"));
  EXPECT_THAT(text, HasSubstr("3; 2 crashes, 0 killed, 1 at a limit\n"));
}

TEST(ConnectorViewTest, SetsUseBesideLimits) {
  const auto text = viewed(kWorker);
  EXPECT_THAT(text, HasSubstr("24 MiB of 512 MiB, 12 MiB resident\n"));
  EXPECT_THAT(text, HasSubstr("64 threads, 256 descriptors, 50 % of a core\n"));
  EXPECT_THAT(text, HasSubstr("1.5 s\n"));
}

TEST(ConnectorViewTest, ShowsWhatAConnectorSaysOfItself) {
  std::string ill(kWorker);
  ill.replace(1, 1, R"( "health": {"state": "unhealthy", "message": "log in again", "since": "2026-01-01T00:00:30Z",
                     "asked_at": "2026-01-01T00:00:59Z"}, )");
  EXPECT_THAT(viewed(ill), HasSubstr("log in again, since 30 s ago"));
  EXPECT_EQ(row(ill)[2], "breaker_open, unhealthy");
  EXPECT_THAT(viewed(kWorker), Not(HasSubstr("health")));
}

} // namespace
} // namespace plugboard::cli
