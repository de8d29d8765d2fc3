#include "core/cli/context_view.hpp"

#include <gmock/gmock.h>

namespace plugboard::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kContext = R"({
  "context_id": "0197", "assurance": "aal1", "complete": false, "required_missing": ["ledger.payments"], "took_ms": 100.0,
  "customer": {"id": "cus_1", "identifiers": [{"type": "email", "value": "leo@example.com", "verified": true, "source": "login"}]},
  "conflicts": [{"type": "customer_id", "kept": "crm", "ignored": "shop"}],
  "sections": {
    "crm.contact": {"status": "ok", "shape": "contact/v1", "data": {"name": "Leo\u001b[2J", "emails": [{"address": "leo@example.com"}]},
      "source": {"connector": "crm", "plugin": "sql", "version": "1.0.0"}, "fetched_at": "2026-01-01T00:00:00Z", "age_ms": 0,
      "started_ms": 0, "took_ms": 50},
    "ledger.payments": {"status": "timeout", "error": {"reason": "deadline", "title": "Too late"},
      "source": {"connector": "ledger", "plugin": "sql", "version": "1.0.0"}, "started_ms": 50, "took_ms": 50},
    "bank.account": {"status": "step_up_required", "challenge": {"error": "insufficient_user_authentication", "acr_values": "aal2"},
      "source": {"connector": "bank", "plugin": "rest", "version": "1.0.0"}}}})";

std::string viewed(bool with_data) {
  json::Reader reader;
  auto context = reader.read(kContext);
  Terminal terminal;
  return context ? view_context(*context, terminal, with_data) : "";
}

TEST(ContextViewTest, SaysWhoItIsAndWhatIsMissing) {
  auto text = viewed(false);
  EXPECT_THAT(text, HasSubstr("customer cus_1\n  email leo@example.com, verified by login\n"));
  EXPECT_THAT(text, HasSubstr("partial, aal1, 100 ms, missing though required: ledger.payments\n"));
  EXPECT_THAT(text, HasSubstr("timeout (deadline)"));
  EXPECT_THAT(text, HasSubstr("step_up_required (needs aal2)"));
  EXPECT_THAT(text, HasSubstr("crm and shop disagree on customer_id; crm counts"));
}

TEST(ContextViewTest, DrawsEachSectionWhereItRan) {
  auto text = viewed(false);
  auto line = [&](std::string_view name) {
    auto from = text.find("\n  " + std::string(name)) + 1;
    return text.substr(from, text.find('\n', from) - from);
  };
  EXPECT_THAT(line("crm.contact"), HasSubstr("█·"));
  EXPECT_THAT(line("crm.contact"), Not(HasSubstr("·█")));
  EXPECT_THAT(line("ledger.payments"), HasSubstr("·█"));
  EXPECT_THAT(line("ledger.payments"), Not(HasSubstr("█·")));
  EXPECT_THAT(line("bank.account"), Not(HasSubstr("█"))) << "it never ran";
}

TEST(ContextViewTest, ShowsDataOnlyWhenAskedAndNeverObeysIt) {
  EXPECT_THAT(viewed(false), Not(HasSubstr("name:")));
  auto text = viewed(true);
  EXPECT_THAT(text, HasSubstr("crm.contact  contact/v1 from sql 1.0.0\n  name: Leo\\x1b[2J\n"));
  EXPECT_THAT(text, HasSubstr("address: leo@example.com"));
}

} // namespace
} // namespace plugboard::cli
