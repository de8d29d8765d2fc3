#include "core/connector/identifier_rules.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

std::string taken(const IdentifierRules& rules, std::string_view type, std::string_view value) {
  auto taken = rules.taken(type, value);
  if (taken) return *taken;
  return taken.error() == Unfit::nobody ? "(nobody)" : "(malformed)";
}

TEST(IdentifierRulesTest, WordsForNobodyNameNobodyHoweverTheyAreWritten) {
  const IdentifierRules rules;
  for (const char* word : {"",        " ",
                           "\t\n",    "null",
                           "NULL",    " Null ",
                           "(null)",  "nil",
                           "None",    "n/a",
                           "N/A",     "NaN",
                           "-1",      "0",
                           "000",     "-0",
                           "--",      "-",
                           "?",       "??",
                           "***",     "anonymous",
                           "Unknown", "undefined",
                           "not set", "00000000-0000-0000-0000-000000000000"})
    for (const char* type : {"customer_id", "email", "phone", "username", "crm.rep"})
      EXPECT_EQ(taken(rules, type, word), "(nobody)") << type << " '" << word << "'";
  for (const char* address :
       {"test@example.com", "Test@Example.ORG", "noreply@shop.example", "No-Reply@shop.example", "anonymous@x.example"})
    EXPECT_EQ(taken(rules, "email", address), "(nobody)") << address;
}

TEST(IdentifierRulesTest, WhatMerelyLooksLikeThoseIsSomebody) {
  const IdentifierRules rules;
  for (const char* value : {"1", "10", "0a", "-12", "null-1", "nonet", "unknown_soldier", "noreply", "n/a1", "Anna"})
    EXPECT_EQ(taken(rules, "customer_id", value), value);
  EXPECT_EQ(taken(rules, "email", "anna@example.com"), "anna@example.com");
}

TEST(IdentifierRulesTest, TheOperatorsOwnWordsCountBesides) {
  const IdentifierRules rules({"guest-*", " Walk-In ", "*@deleted.invalid"});
  EXPECT_EQ(taken(rules, "customer_id", "GUEST-77"), "(nobody)");
  EXPECT_EQ(taken(rules, "customer_id", "walk-in"), "(nobody)");
  EXPECT_EQ(taken(rules, "email", "ada@deleted.invalid"), "(nobody)");
  EXPECT_EQ(taken(rules, "customer_id", "null"), "(nobody)");
  EXPECT_EQ(taken(rules, "customer_id", "guest"), "guest");
}

TEST(IdentifierRulesTest, AddressesAreTrimmedAndComparedWithoutCase) {
  const IdentifierRules rules;
  EXPECT_EQ(taken(rules, "email", "  Ada.L@Shop.example\r\n"), "Ada.L@Shop.example");
  EXPECT_EQ(rules.compared("email", "Ada.L@Shop.example"), rules.compared("email", "ada.l@shop.EXAMPLE"));
  EXPECT_NE(rules.compared("customer_id", "a1"), rules.compared("customer_id", "A1"));
  EXPECT_NE(rules.compared("crm.code", "a1"), rules.compared("crm.code", "A1"));
  for (const char* wrong :
       {"ada", "@shop.example", "ada@", "ada@b@c", "ada lovelace@shop.example", "ada@.example", "ada@shop.example."})
    EXPECT_EQ(taken(rules, "email", wrong), "(malformed)") << wrong;
}

TEST(IdentifierRulesTest, NumbersComeInE164OrNotAtAll) {
  const IdentifierRules rules;
  for (const char* same :
       {"+46701234567", "+46 70 123 45 67", "+46 (70) 123-45.67", "0046701234567", " tel:+46701234567"})
    EXPECT_EQ(taken(rules, "phone", same), "+46701234567") << same;
  for (const char* wrong : {"0701234567", "+46 (0)70 123 45 67", "+0701234567", "+46", "+4670123456789012",
                            "+46 seventy", "46701234567", "+", "++46701234567"})
    EXPECT_EQ(taken(rules, "phone", wrong), "(malformed)") << wrong;
}

TEST(IdentifierRulesTest, LengthAndCharactersAreBounded) {
  const IdentifierRules rules;
  EXPECT_EQ(taken(rules, "customer_id", std::string(200, 'x')), std::string(200, 'x'));
  EXPECT_EQ(taken(rules, "customer_id", std::string(201, 'x')), "(malformed)");
  EXPECT_EQ(taken(rules, "national_id", std::string(51, 'x')), "(malformed)");
  EXPECT_EQ(taken(rules, "crm.rep", std::string(512, 'x')), std::string(512, 'x'));
  EXPECT_EQ(taken(rules, "crm.rep", std::string(513, 'x')), "(malformed)");
  EXPECT_EQ(taken(rules, "username", "Åsa Öberg"), "Åsa Öberg");
  for (const char* hidden : {"a\nb",
                             "a\x01"
                             "b",
                             "a\x7f"
                             "b",
                             "a\xc2\x85"
                             "b",
                             "a\xe2\x80\x8b"
                             "b",
                             "a\xe2\x80\xae"
                             "b",
                             "a\xe2\x81\xa6"
                             "b",
                             "\xef\xbb\xbf"
                             "ab",
                             "a\xff"})
    EXPECT_EQ(taken(rules, "username", hidden), "(malformed)") << hidden;
}

} // namespace
} // namespace plugboard::connector
