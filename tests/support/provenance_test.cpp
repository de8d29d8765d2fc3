#include "tests/support/provenance.hpp"

#include <gmock/gmock.h>

namespace plugboard::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSource = R"("source": {"connector": "crm", "plugin": "sql", "version": "1.0.0"})";

std::string faults(const std::string& section, const std::string& complete = "false") {
  return provenance_faults(Json::parse(
      R"({"context_id": "x", "assurance": "aal1", "complete": )" + complete +
      R"(, "customer": {"id": "cus_1", "identifiers": []}, "sections": {"crm.contact": {)" + section + "}}}"));
}

std::string good(const std::string& without = "") {
  std::string text = std::string(R"("status": "ok", "shape": "contact/v1", "data": {}, )") + kSource +
                     R"(, "fetched_at": "2026-01-01T00:00:00.000Z", "age_ms": 0, "took_ms": 1.5)";
  if (const auto at = text.find(without); !without.empty()) text.erase(at, text.find(',', at) + 2 - at);
  return text;
}

TEST(ProvenanceTest, AWholeAnswerHasNoFault) {
  EXPECT_THAT(faults(good(), "true"), IsEmpty());
  EXPECT_THAT(faults(R"("status": "timeout", "error": {"reason": "deadline", "title": "t"}, )" + std::string(kSource)),
              IsEmpty());
  EXPECT_THAT(faults(R"("status": "denied")"), IsEmpty());
}

TEST(ProvenanceTest, NamesWhatASectionDoesNotSay) {
  EXPECT_THAT(faults(good(R"("shape")")), HasSubstr("shape"));
  EXPECT_THAT(faults(good(R"("fetched_at")")), HasSubstr("when it was fetched"));
  EXPECT_THAT(faults(good(R"("age_ms")")), HasSubstr("how old"));
  EXPECT_THAT(faults(R"("status": "not_found")"), HasSubstr("connector"));
  EXPECT_THAT(
      faults(R"("status": "not_found", "source": {"connector": "ledger", "plugin": "sql", "version": "1.0.0"})"),
      HasSubstr("its own connector"));
  EXPECT_THAT(faults(R"("status": "not_found", "source": {"connector": "crm", "plugin": "sql", "version": "new"})"),
              HasSubstr("which version"));
}

TEST(ProvenanceTest, KnowsTheClosedLists) {
  EXPECT_THAT(faults(R"("status": "okay", )" + std::string(kSource)), HasSubstr("status that is none"));
  for (const auto* wrong : {"timeout", "error", "unavailable", "invalid", "skipped"})
    EXPECT_THAT(faults(R"("status": ")" + std::string(wrong) + R"(", "error": {"reason": "because", "title": "t"}, )" +
                       kSource),
                HasSubstr("because"));
  EXPECT_THAT(faults(R"("status": "error", "error": {"reason": "deadline", "title": "t"}, )" + std::string(kSource)),
              HasSubstr("deadline"))
      << "a reason of another status";
}

TEST(ProvenanceTest, APartThatFailedMayNotLookLikeOneThatDidNot) {
  const auto failed = R"("status": "error", "error": {"reason": "unreachable", "title": "t"}, )" + std::string(kSource);
  EXPECT_THAT(faults(failed + R"(, "data": {})"), HasSubstr("data all the same"));
  EXPECT_THAT(faults(failed, "true"), HasSubstr("complete"));
  EXPECT_THAT(faults(R"("status": "denied", )" + std::string(kSource)), HasSubstr("says more"));
}

} // namespace
} // namespace plugboard::test
