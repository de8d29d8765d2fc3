#include "core/base/redacted.hpp"

#include <gtest/gtest.h>

namespace plugboard {
namespace {

TEST(RedactedTest, LeavesWhatOperatorsNeed) {
  for (const char* text :
       {"", "cannot connect to db.shop.example:5432: connection refused", "HTTP 503 after 300 ms",
        "the column \"customer_number\" holds text that is not UTF-8", "line 12, column 1024",
        "libpq: server closed the connection unexpectedly", "plugin 1.10.2 of 2026",
        "in AbstractCustomerRecordProvider", "relation \"a_table_with_a_very_long_name_indeed\" does not exist"})
    EXPECT_EQ(redacted(text), text);
}

TEST(RedactedTest, TakesOutAddressesNumbersAndTokens) {
  EXPECT_EQ(redacted("no row for ada.l@shop.example."), "no row for [e-mail]");
  EXPECT_EQ(redacted("\"ada@shop.example\" is taken"), "\"[e-mail]\" is taken");
  EXPECT_EQ(redacted("GET /c?email=ada%40shop.example 404"), "GET /c?email=[e-mail] 404");
  EXPECT_EQ(redacted("phone +46 70-123 45 67 unknown"), "phone [number] unknown");
  EXPECT_EQ(redacted("card 4111 1111 1111 1111, ref 12"), "card [number], ref 12");
  EXPECT_EQ(redacted("customer=70012345;"), "customer=[number];");
  EXPECT_EQ(redacted("id 7001234 x"), "id [number] x");
  EXPECT_EQ(redacted("iban SE4550000000058398257466"), "iban [opaque]");
  EXPECT_EQ(redacted("Bearer pbs_8sJ2kd93JDk30dkslLs9201kd"), "Bearer [opaque]");
  EXPECT_EQ(redacted("key sk_qWErTyUiOpASDfgHJklZXCvbNm"), "key [opaque]") << "by chance without a digit";
  EXPECT_EQ(redacted("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.abc"), "[opaque]");
}

TEST(RedactedTest, FindsThemAlsoInTheMiddleOfAWord) {
  EXPECT_EQ(redacted("customer70012345"), "customer[number]");
  EXPECT_EQ(redacted("a,b@c.d,1234567"), "a,[e-mail],[number]");
}

} // namespace
} // namespace plugboard
