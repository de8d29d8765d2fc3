#include "core/audit/record.hpp"

#include "core/json/reader.hpp"

#include <gtest/gtest.h>

namespace plugboard::audit {
namespace {

std::string as_object(const std::string& members) {
  return "{" + members.substr(1) + "}";
}

TEST(AuditRecord, IsJsonWhateverPeopleWrite) {
  json::Reader reader;
  Intent intent;
  intent.tenant = "default";
  intent.actor = "agent \"17\"\n\xff";
  intent.sections = {{"crm.contact", "[\"/email\"]"}, {"crm.notes", ""}};
  intent.step_up = {"ledger.iban"};
  intent.denied = {"crm.secret", "x.y"};
  auto read = reader.read(as_object(members_of(intent)));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)["sections"]["crm.notes"].size(), 1U);
  EXPECT_EQ((*read)["denied"].size(), 2U);
  EXPECT_EQ((*read)["decision"].string(), "allow");
  EXPECT_FALSE((*read)["client"].found()) << "what is not known is left out";
}

TEST(AuditRecord, SaysThatNothingMayLeave) {
  Intent intent;
  intent.denied = {"crm.contact"};
  EXPECT_NE(members_of(intent).find("\"decision\":\"deny\",\"sections\":{}"), std::string::npos);
}

TEST(AuditRecord, SaysWhatAChangeChanges) {
  Change change{.action = "session.step_up", .by = "client desk", .tenant = "default", .customer = "cus_1"};
  change.details = {{"from", "aal1"}, {"to", "aal2"}};
  EXPECT_EQ(members_of(change), R"(,"action":"session.step_up","by":"client desk","tenant":"default",)"
                                R"("customer":"cus_1","details":{"from":"aal1","to":"aal2"})");
}

TEST(AuditRecord, GivesAnOutcomeWhatItIsOf) {
  Intent intent;
  intent.customer = "cus_1";
  EXPECT_EQ(members_of(Receipt{7, about(intent)}, {Ending::withheld, {}, "session.ended"}),
            R"(,"of":7,"customer":"cus_1","result":"withheld","why":"session.ended")");
}

} // namespace
} // namespace plugboard::audit
