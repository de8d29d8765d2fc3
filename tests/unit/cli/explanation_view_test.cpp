#include "core/cli/explanation_view.hpp"

#include <gmock/gmock.h>

#include <sstream>

namespace plugboard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kExplanation = R"({
  "context_id": "0197", "assurance": "aal1", "complete": false, "required_missing": ["ledger.payments"],
  "deadline_ms": 1000, "took_ms": 100.0, "brought": ["email"],
  "sections": {
    "crm.contact": {"status": "ok", "asked": false, "source": {"connector": "crm", "plugin": "sql", "version": "1.0.0"},
      "needs": [[{"type": "email", "verified": true}]], "waits_for": [], "yields": ["customer_id"], "started_ms": 0, "took_ms": 50,
      "course": {"by": "cache", "age_ms": 1200, "waited_ms": 0, "calls": 0, "retries": 0, "hedges": 0, "hedge_answered": false}},
    "ledger.payments": {"status": "timeout", "asked": true, "error": {"reason": "deadline", "title": "Too late"},
      "source": {"connector": "ledger", "plugin": "sql", "version": "1.0.0"},
      "needs": [[{"type": "customer_id", "verified": false}, {"type": "account_id", "verified": false}]],
      "waits_for": [{"identifier": "customer_id", "section": "crm.contact"}, {"identifier": "account_id"}], "yields": [],
      "started_ms": 50, "took_ms": 50,
      "course": {"by": "call", "age_ms": 0, "waited_ms": 12.5, "calls": 3, "retries": 1, "hedges": 1, "hedge_answered": true}},
    "a_connector_with_a_very_long_name.and_a_section_with_one": {"status": "skipped", "asked": true,
      "error": {"reason": "identifier_unknown", "title": "Unknown", "detail": "phone"},
      "needs": [[{"type": "phone", "verified": false}]], "waits_for": [], "yields": []},
    "risk.score": {"status": "ok", "asked": true, "source": {"connector": "risk", "plugin": "derive_risk", "version": "1.0.0"},
      "needs": [], "waits_for": [], "yields": [],
      "inputs": [{"input": "contact", "optional": false, "section": "crm.contact"}, {"input": "tickets", "optional": true}]},
    "bank.account": {"status": "denied", "asked": true}}})";

std::string viewed() {
  json::Reader reader;
  auto explanation = reader.read(kExplanation);
  Terminal terminal;
  terminal.width = 200;
  return explanation ? view_explanation(*explanation, terminal) : "";
}

TEST(ExplanationViewTest, SaysWhatWaitsForWhat) {
  const auto text = viewed();
  EXPECT_THAT(text, HasSubstr("partial, aal1, 100 ms of the 1000 ms allowed\n"));
  EXPECT_THAT(text, HasSubstr("missing though required: ledger.payments\nthe session brings email\n"));
  EXPECT_THAT(
      text,
      HasSubstr("  crm.contact  for what it yields\n    needs     email (verified)\n    yields    customer_id\n"));
  EXPECT_THAT(text, HasSubstr("    needs     customer_id or account_id\n    waits for customer_id from crm.contact\n"
                              "    waits for account_id from a section that this client may not see\n"));
  EXPECT_THAT(text, HasSubstr("    waits for its input contact from crm.contact\n"
                              "    waits for its optional input tickets from a section that this client may not\n"
                              "              see\n"));
}

TEST(ExplanationViewTest, SaysWhatHappenedToEach) {
  const auto text = viewed();
  EXPECT_THAT(text, HasSubstr("    ok; from the cache, 1200 ms old\n"));
  EXPECT_THAT(text, HasSubstr("    timeout (deadline); limited: waited 12.5 ms for a place, retried 1 time\n"
                              "    after failures, hedged 1 time because it took long, and the hedge answered\n"));
  EXPECT_THAT(text, HasSubstr("    skipped (identifier_unknown: phone); was never asked\n"));
  EXPECT_THAT(text, HasSubstr("  bank.account"));
}

TEST(ExplanationViewTest, DrawsEachWhereItRan) {
  const auto text = viewed();
  const auto waterfall = text.substr(text.find("waterfall"));
  const auto line = [&](std::string_view name) {
    const auto from = waterfall.find("\n  " + std::string(name)) + 1;
    return waterfall.substr(from, waterfall.find('\n', from) - from);
  };
  EXPECT_THAT(line("crm.contact"), HasSubstr("█·"));
  EXPECT_THAT(line("crm.contact"), Not(HasSubstr("·█")));
  EXPECT_THAT(line("ledger.payments"), HasSubstr("·█"));
  EXPECT_THAT(line("bank.account"), Not(HasSubstr("█")));
}

TEST(ExplanationViewTest, FitsEightyColumns) {
  std::istringstream text(viewed());
  for (std::string line; std::getline(text, line);) EXPECT_LE(columns(line), 80u) << line;
}

} // namespace
} // namespace plugboard::cli
