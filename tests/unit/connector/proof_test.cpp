#include "core/connector/examine.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

class ProofTest : public ::testing::Test {
 protected:
  using Proven = boost::system::result<Proof, Rejected>;

  Proven examine(std::string data, std::int32_t status = PLUGBOARD_OK) {
    reply.status = status;
    reply.data = std::move(data);
    auto step = examine_step(reply, "login", {"email", "login.uid"}, rules, reader, why);
    if (!step) return step.error();
    return std::get<Proof>(*step);
  }

  static std::string proof(const std::string& without, const std::string& with = "") {
    const std::pair<const char*, const char*> members[] = {{"issuer", "\"https://id.example\""},
                                                           {"subject", "\"u1\""},
                                                           {"assurance", "\"aal2\""},
                                                           {"methods", "[\"jwt\",\"otp\"]"},
                                                           {"authenticated_at", "1700000000"},
                                                           {"expires_at", "1700003600"}};
    std::string text = "{" + with;
    for (const auto& [name, value] : members) {
      if (name == without) continue;
      text += (text.size() > 1 ? ",\"" : "\"") + std::string(name) + "\":" + value;
    }
    return text + "}";
  }

  void expect_broken(const std::string& data) {
    const Proven proven = examine(data);
    ASSERT_FALSE(proven) << data;
    EXPECT_FALSE(proven.error().credential) << data;
    EXPECT_EQ(proven.error().outcome.status, Status::invalid) << data;
    EXPECT_EQ(proven.error().outcome.reason, Reason::plugin_protocol) << data;
  }

  IdentifierRules rules;
  json::Reader reader;
  Reply reply;
  std::string why;
};

TEST_F(ProofTest, ReadsAllOfIt) {
  reply.identifiers = {{"email", "a@b.example", true, ""}, {".uid", "7", false, ""}};
  const Proven proven = examine(proof(""));
  ASSERT_TRUE(proven) << proven.error().outcome.detail;
  EXPECT_EQ(proven->issuer, "https://id.example");
  EXPECT_EQ(proven->subject, "u1");
  EXPECT_EQ(proven->assurance, "aal2");
  EXPECT_EQ(proven->methods, (std::vector<std::string>{"jwt", "otp"}));
  EXPECT_EQ(proven->authenticated_at, 1700000000);
  EXPECT_EQ(proven->expires_at, 1700003600);
  EXPECT_EQ(proven->identifiers,
            (std::vector<Identifier>{{"email", "a@b.example", true, "login"}, {"login.uid", "7", false, "login"}}));
}

TEST_F(ProofTest, OnlyExpiryMayBeLeftOut) {
  const Proven proven = examine(proof("expires_at"));
  ASSERT_TRUE(proven);
  EXPECT_FALSE(proven->expires_at);
  for (const char* member : {"issuer", "subject", "assurance", "authenticated_at"}) expect_broken(proof(member));
}

TEST_F(ProofTest, WrongTypesAndUnknownMembersAreRefused) {
  expect_broken(proof("issuer", "\"issuer\":7"));
  expect_broken(proof("subject", "\"subject\":\"\""));
  expect_broken(proof("subject", "\"subject\":\"" + std::string(513, 'x') + "\""));
  expect_broken(proof("methods", "\"methods\":\"jwt\""));
  expect_broken(proof("methods", "\"methods\":[1]"));
  expect_broken(proof("authenticated_at", "\"authenticated_at\":\"now\""));
  expect_broken(proof("authenticated_at", "\"authenticated_at\":1.5"));
  expect_broken(proof("authenticated_at", "\"authenticated_at\":-1"));
  expect_broken(proof("expires_at", "\"expires_at\":null"));
  expect_broken(proof("", "\"admin\":true"));
  expect_broken("[]");
  expect_broken("{");
  expect_broken("");
}

TEST_F(ProofTest, NoPluginProvesMoreOrLessThanThereIs) {
  for (const char* level : {"none", "asserted", "aal0", "aal4", "AAL1", "aal1 "})
    expect_broken(proof("assurance", "\"assurance\":\"" + std::string(level) + "\""));
}

TEST_F(ProofTest, UndeclaredIdentifiersAreRefused) {
  reply.identifiers = {{"customer_id", "1", true, ""}};
  expect_broken(proof(""));
}

TEST_F(ProofTest, ASubjectThatStandsForNobodyProvesNothing) {
  for (const char* subject : {"null", "-1", "0", "anonymous", "n/a", " ", "00000000-0000-0000-0000-000000000000"}) {
    const Proven proven = examine(proof("subject", "\"subject\":\"" + std::string(subject) + "\""));
    ASSERT_FALSE(proven) << subject << ": all who are called so would be one customer";
    EXPECT_TRUE(proven.error().credential) << subject;
    EXPECT_NE(why, "") << subject;
  }
}

TEST_F(ProofTest, IdentifiersThatStandForNobodyAreNotTaken) {
  reply.identifiers = {{"email", "test@example.com", true, ""}, {".uid", "unknown", false, ""}};
  const Proven proven = examine(proof(""));
  ASSERT_TRUE(proven);
  EXPECT_TRUE(proven->identifiers.empty());
  EXPECT_EQ(proven->refused.nobody, 2U);
}

TEST_F(ProofTest, ARejectedCredentialIsNoFailure) {
  const Proven rejected = examine("", PLUGBOARD_REJECTED);
  ASSERT_FALSE(rejected);
  EXPECT_TRUE(rejected.error().credential);
  const Proven failed = examine("", PLUGBOARD_UNREACHABLE);
  ASSERT_FALSE(failed);
  EXPECT_FALSE(failed.error().credential);
  EXPECT_EQ(failed.error().outcome.reason, Reason::unreachable);
}

TEST_F(ProofTest, RubbishIsNeverTakenForARejection) {
  reply.garbage = "the reply is null";
  const Proven proven = examine("", PLUGBOARD_REJECTED);
  ASSERT_FALSE(proven);
  EXPECT_FALSE(proven.error().credential);
  EXPECT_EQ(proven.error().outcome.reason, Reason::plugin_protocol);
}

} // namespace
} // namespace plugboard::connector
