#include "core/api/context_ask.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ContextAskTest : public testing::Test {
 protected:
  Result<ContextAsk> read(const std::string& members) {
    auto body = reader.read("{\"session\": \"pbs_x\"" + members + "}");
    EXPECT_TRUE(body) << members;
    return read_context_ask(*body);
  }

  ContextAsk good(const std::string& members) {
    auto ask = read(members);
    EXPECT_TRUE(ask) << members << (ask ? "" : ask.error().message);
    return ask ? *ask : ContextAsk{};
  }

  std::string refused(const std::string& members) {
    auto ask = read(members);
    EXPECT_FALSE(ask) << members;
    if (ask) return {};
    EXPECT_EQ(ask.error().code, Code::invalid_argument) << members;
    return ask.error().message;
  }

  json::Reader reader;
};

TEST_F(ContextAskTest, NeedsNothingButASession) {
  auto ask = good("");
  EXPECT_EQ(ask.session, "pbs_x");
  EXPECT_TRUE(ask.sections.empty());
  EXPECT_TRUE(ask.required.empty());
  EXPECT_EQ(ask.deadline_ms, 1000);
  EXPECT_FALSE(ask.max_age_ms);
  EXPECT_EQ(ask.purpose + ask.actor + ask.language + ask.criticality, "");
}

TEST_F(ContextAskTest, ReadsEveryMember) {
  auto ask = good(
      R"(, "sections": ["*", "crm.*", {"name": "ledger.payments", "params": {"limit": 5, "since": "2026-01-01"}}, {"name": "crm.contact"}],
    "required": ["crm.contact"], "deadline_ms": 800, "max_age_ms": 60000, "purpose": "support", "actor": "agent-17 Åsa",
    "language": "sv-SE", "criticality": "bulk")");
  ASSERT_EQ(ask.sections.size(), 4U);
  EXPECT_EQ(ask.sections[1].pattern, "crm.*");
  EXPECT_EQ(ask.sections[1].params, "{}");
  EXPECT_EQ(ask.sections[2].pattern, "ledger.payments");
  EXPECT_EQ(ask.sections[2].params, R"({"limit":5,"since":"2026-01-01"})");
  EXPECT_EQ(ask.sections[3].params, "{}");
  EXPECT_EQ(ask.required, std::vector<std::string>{"crm.contact"});
  EXPECT_EQ(ask.deadline_ms, 800);
  EXPECT_EQ(ask.max_age_ms, 60000);
  EXPECT_EQ(ask.purpose, "support");
  EXPECT_EQ(ask.actor, "agent-17 Åsa");
  EXPECT_EQ(ask.language, "sv-SE");
  EXPECT_EQ(ask.criticality, "bulk");
}

TEST_F(ContextAskTest, OwnsWhatItHasRead) {
  auto ask = good(R"(, "sections": [{"name": "crm.contact", "params": {"a": "b"}}], "actor": "somebody")");
  ASSERT_TRUE(reader.read(R"({"quite": "another text, which takes the place of the first in the reader's buffer"})"));
  EXPECT_EQ(ask.session, "pbs_x");
  EXPECT_EQ(ask.actor, "somebody");
  EXPECT_EQ(ask.sections[0].params, R"({"a":"b"})");
}

TEST_F(ContextAskTest, NamesThePlaceOfAFault) {
  const std::pair<const char*, const char*> cases[] = {
      {R"("sections": "*")", "/sections: must be an array"},
      {R"("sections": [])", "/sections: must not be empty"},
      {R"("sections": [1])", "/sections/0: must be a section's name"},
      {R"("sections": ["crm.contact", "CRM.contact"])", "/sections/1: must be \"*\""},
      {R"("sections": ["crm"])", "/sections/0: must be \"*\""},
      {R"("sections": [{}])", "/sections/0/name: is missing"},
      {R"("sections": [{"name": 1}])", "/sections/0/name: must be a string"},
      {R"("sections": [{"name": "crm.*"}])", "/sections/0/name: must name one section"},
      {R"("sections": [{"name": "crm"}])", "/sections/0: must be"},
      {R"("sections": ["*", {"name": "crm.contact", "params": []}])", "/sections/1/params: must be an object"},
      {R"("sections": [{"name": "crm.contact", "parms": {}}])", "/sections/0/parms: "},
      {R"("sections": ["crm.contact", {"name": "crm.contact"}])", "/sections: names \"crm.contact\" twice"},
      {R"("required": "crm.contact")", "/required: must be an array"},
      {R"("required": ["crm.*"])", "/required: must hold names"},
      {R"("required": [null])", "/required: must hold names"},
      {R"("deadline_ms": 0)", "/deadline_ms: must be an integer from 1 to 30000"},
      {R"("deadline_ms": 30001)", "/deadline_ms: must be an integer from 1 to 30000"},
      {R"("deadline_ms": 800.5)", "/deadline_ms: "},
      {R"("deadline_ms": "800")", "/deadline_ms: "},
      {R"("max_age_ms": -1)", "/max_age_ms: "},
      {R"("purpose": "two words")", "/purpose: must be one of"},
      {R"("purpose": 1)", "/purpose: must be a string"},
      {R"("actor": "")", "/actor: must be 1 to 128"},
      {R"("actor": "a\nb")", "/actor: must be 1 to 128"},
      {R"("language": "s")", "/language: must be a BCP 47"},
      {R"("criticality": "urgent")", "/criticality: must be \"interactive\""},
      {R"("deadline": 800)", "/deadline: "},
  };
  for (const auto& [member, message] : cases)
    EXPECT_THAT(refused(std::string(", ") + member), StartsWith(message)) << member;
}

TEST_F(ContextAskTest, SuggestsTheNameThatWasMeant) {
  EXPECT_THAT(refused(R"(, "dead_line_ms": 800)"), HasSubstr("deadline_ms"));
}

TEST_F(ContextAskTest, WantsASessionThatIsAString) {
  for (const auto* body : {"{}", R"({"session": ""})", R"({"session": 1})", R"({"session": null})"}) {
    auto ask = read_context_ask(*reader.read(body));
    ASSERT_FALSE(ask) << body;
    EXPECT_THAT(ask.error().message, StartsWith("/session: ")) << body;
  }
  for (const auto* body : {"[]", "null", "\"pbs_x\""}) {
    auto ask = read_context_ask(*reader.read(body));
    ASSERT_FALSE(ask) << body;
    EXPECT_EQ(ask.error().message, "must be an object") << body;
  }
}

TEST_F(ContextAskTest, BoundsHowMuchMayBeAsked) {
  auto list = [](std::size_t count) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text += (i ? ", \"crm.s" : "\"crm.s") + std::to_string(i) + "\"";
    return text + "]";
  };
  EXPECT_EQ(good(", \"sections\": " + list(256)).sections.size(), 256U);
  EXPECT_THAT(refused(", \"sections\": " + list(257)), StartsWith("/sections: must hold at most 256"));
  EXPECT_THAT(refused(", \"required\": " + list(257)), StartsWith("/required: must hold at most 256"));
  EXPECT_EQ(good(R"(, "actor": ")" + std::string(128, 'x') + "\"").actor.size(), 128U);
  refused(R"(, "actor": ")" + std::string(129, 'x') + "\"");
  EXPECT_EQ(good(R"(, "deadline_ms": 1)").deadline_ms, 1);
  EXPECT_EQ(good(R"(, "deadline_ms": 30000)").deadline_ms, 30000);
  EXPECT_EQ(good(R"(, "max_age_ms": 0)").max_age_ms, 0);
}

TEST(LanguageTagTest, HasTheFormOfBcp47) {
  for (const auto* good : {"sv", "en-GB", "zh-Hant-TW", "de-CH-1996", "gsw"})
    EXPECT_TRUE(is_language_tag(good)) << good;
  for (const auto* bad : {"", "s", "sv_SE", "-sv", "sv-", "sv--SE", "abcdefghi", "sv SE", "sv\r\nX: y", "så",
                          "a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s-t"})
    EXPECT_FALSE(is_language_tag(bad)) << bad;
}

TEST(PlainTextTest, HoldsNoControlCharacters) {
  EXPECT_TRUE(is_plain_text("Åsa 'agent' 17", 128));
  for (const std::string& bad : {std::string(), std::string("a\0b", 3), std::string("a\x7f"), std::string("\x1b[31m")})
    EXPECT_FALSE(is_plain_text(bad, 128));
  EXPECT_FALSE(is_plain_text("abc", 2));
}

} // namespace
} // namespace plugboard::api
