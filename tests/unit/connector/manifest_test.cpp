#include "core/connector/manifest.hpp"

#include <gtest/gtest.h>

namespace plugboard::connector {
namespace {

std::string wrap(const std::string& manifest) {
  return R"({"manifest": )" + manifest +
         R"(, "config_schema": {"type": "object", "properties": {"url": {"type": "string"}}}})";
}

std::string with(const std::string& members) {
  return wrap(R"({"name": "sql", "version": "1.0.0", "summary": "Asks", "operations": ["lookup"],
                  "execution": "blocking", "sections": {"from_config": "/sections"})" +
              members + "}");
}

std::string fault(const std::string& text) {
  const auto manifest = parse_manifest(text);
  return manifest ? "none" : manifest.error().message;
}

TEST(ManifestTest, ReadsAllThatItSays) {
  const auto manifest = parse_manifest(wrap(R"({"name": "crm", "version": "1.2.3-rc.1", "summary": "Finds",
    "license": "MIT", "operations": ["lookup", "authenticate"], "execution": "async", "max_concurrency": 64,
    "sections": {"contact": {"shape": "contact/v1"}}, "identifiers": ["email"],
    "grants": {"egress": ["https:*"], "files": ["ro:*"]}, "rate_limit": {"per_second": 2.5, "burst": 4}})"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->name, "crm");
  EXPECT_EQ(manifest->version, "1.2.3-rc.1");
  EXPECT_EQ(manifest->summary, "Finds");
  EXPECT_EQ(manifest->license, "MIT");
  EXPECT_TRUE(manifest->lookup);
  EXPECT_TRUE(manifest->authenticate);
  EXPECT_EQ(manifest->execution, Execution::async);
  EXPECT_EQ(manifest->max_concurrency, 64U);
  EXPECT_EQ(manifest->sections_text, R"({"contact":{"shape":"contact/v1"}})");
  EXPECT_FALSE(manifest->sections_pointer);
  EXPECT_EQ(manifest->identifiers, std::vector<std::string>{"email"});
  EXPECT_EQ(manifest->egress, std::vector<std::string>{"https:*"});
  EXPECT_EQ(manifest->files, std::vector<std::string>{"ro:*"});
  EXPECT_EQ(manifest->rate.per_second, 2.5);
  EXPECT_EQ(manifest->rate.burst, 4);
}

TEST(ManifestTest, SectionsAndIdentifiersMayStandInTheConfiguration) {
  const auto manifest = parse_manifest(with(R"(, "identifiers": {"from_config": "/identifiers"})"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(manifest->sections_pointer, "/sections");
  EXPECT_EQ(manifest->identifiers_pointer, "/identifiers");
  EXPECT_EQ(manifest->max_concurrency, 1U);
  EXPECT_EQ(manifest->execution, Execution::blocking);
}

TEST(ManifestTest, ItsConfigSchemaChecksAConfiguration) {
  const auto manifest = parse_manifest(with(""));
  ASSERT_TRUE(manifest);
  const auto wrong = json::read_document(R"({"url": 7})", false);
  ASSERT_EQ(manifest->config_schema->check(wrong.tree).size(), 1U);
  EXPECT_EQ(manifest->config_schema->check(wrong.tree)[0].pointer, "/url");
}

std::string deriving(const char* operations, const char* sections) {
  return wrap(std::string(R"({"name": "risk", "version": "1.0.0", "summary": "s", "execution": "blocking",
                              "operations": [)") +
              operations + R"(], "sections": )" + sections + "}");
}

TEST(ManifestTest, SectionsAndOperationsSayTheSame) {
  constexpr auto kDerived = R"({"score": {"shape": "record/v1", "from": {"a": {"shape": "record/v1"}}}})";
  constexpr auto kLookedUp = R"({"contact": {"shape": "contact/v1", "needs": [["email"]]}})";
  const auto manifest = parse_manifest(deriving(R"("derive")", kDerived));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_TRUE(manifest->derive);
  EXPECT_FALSE(manifest->lookup);
  EXPECT_TRUE(parse_manifest(deriving(R"("lookup", "derive")", R"({"from_config": "/sections"})")));
  const auto says = [](const std::string& text, const char* part) {
    EXPECT_NE(fault(text).find(part), std::string::npos) << text << fault(text);
  };
  says(deriving(R"("lookup")", kDerived), "/sections/score/from: such a section needs \"derive\"");
  says(deriving(R"("lookup", "derive")", kLookedUp), "/operations: \"derive\" needs a section with \"from\"");
  says(deriving(R"("derive")", kLookedUp), "/sections/contact: needs \"lookup\"");
  says(wrap(R"({"name": "a", "version": "1.0.0", "summary": "s", "execution": "async", "operations": ["derive"]})"),
       "/sections: ");
}

TEST(ManifestTest, EachFaultSaysWhatIsWrongWhere) {
  const std::pair<std::string, const char*> faults[] = {
      {"{", "no JSON"},
      {R"({"manifest": {}})", "config_schema"},
      {R"({"manifest": {}, "manifest": {}, "config_schema": {}})", "manifest"},
      {wrap("{}"), "/name"},
      {with(R"(, "max_concurrency": 0)"), "/max_concurrency"},
      {with(R"(, "max_concurrency": "8")"), "/max_concurrency"},
      {with(R"(, "grants": {"network": ["*"]})"), "/grants/network"},
      {with(R"(, "grants": {"egress": [7]})"), "/grants/egress"},
      {with(R"(, "rate_limit": 5)"), "/rate_limit"},
      {with(R"(, "rate_limit": {"per_second": 0})"), "/rate_limit"},
      {with(R"(, "rate_limit": {"per_second": 5, "per_minute": 1})"), "/rate_limit/per_minute"},
      {with(R"(, "identifiers": {"from_config": "identifiers"})"), "/identifiers/from_config"},
      {with(R"(, "identifiers": {"from_config": "/a", "also": 1})"), "/identifiers/also"},
      {with(R"(, "identifiers": {"from_config": 7})"), "/identifiers/from_config"},
      {with(R"(, "identifiers": "/identifiers")"), "/identifiers"},
      {with(R"(, "concurrency": 8)"), "/concurrency"},
  };
  for (const auto& [text, part] : faults) EXPECT_NE(fault(text).find(part), std::string::npos) << text << fault(text);
}

TEST(ManifestTest, RefusesWrongNamesVersionsAndExecutions) {
  const auto made = [](const char* name, const char* version, const char* execution) {
    return fault(wrap(std::string(R"({"name": ")") + name + R"(", "version": ")" + version +
                      R"(", "summary": "s", "operations": ["authenticate"], "identifiers": [], "execution": ")" +
                      execution + "\"}"));
  };
  EXPECT_EQ(made("jwt", "1.0.0", "async"), "none");
  EXPECT_NE(made("Jwt", "1.0.0", "async").find("/name"), std::string::npos);
  EXPECT_NE(made("jwt", "1.0", "async").find("/version"), std::string::npos);
  EXPECT_NE(made("jwt", "1.0.0", "sync").find("/execution"), std::string::npos);
}

TEST(ManifestTest, RefusesAnOperationThatThisHubDoesNotKnow) {
  EXPECT_NE(fault(wrap(R"({"name": "a", "version": "1.0.0", "summary": "s", "operations": ["lookup", "logout"],
                          "sections": {}, "execution": "async"})"))
                .find("\"logout\" ends what \"authenticate\""),
            std::string::npos);
  EXPECT_NE(fault(wrap(R"({"name": "a", "version": "1.0.0", "summary": "s", "operations": ["lookup", "derive"],
                           "execution": "async", "sections": {}})"))
                .find("derive"),
            std::string::npos);
}

TEST(ManifestTest, ALookupPluginMustSaySections) {
  EXPECT_NE(fault(wrap(R"({"name": "a", "version": "1.0.0", "summary": "s", "operations": ["lookup"],
                           "execution": "async"})"))
                .find("/sections"),
            std::string::npos);
}

std::string with_rights(const std::string& operations, const std::string& members) {
  return wrap(R"({"name": "a", "version": "1.0.0", "summary": "s", "execution": "async", "operations": )" + operations +
              members + "}");
}

TEST(ManifestTest, ExportAndEraseSayByWhatACustomerIsKnown) {
  const auto manifest =
      parse_manifest(with_rights(R"(["export", "erase"])", R"(, "subject": {"needs": [["email", ".member"]]})"));
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_TRUE(manifest->export_subject);
  EXPECT_TRUE(manifest->erase_subject);
  EXPECT_EQ(manifest->subject_needs_text, R"([["email",".member"]])");
  const std::pair<std::string, const char*> faults[] = {
      {with_rights(R"(["export"])", ""), "/subject: a plugin that exports or erases"},
      {with_rights(R"(["erase"])", R"(, "subject": {})"), "/subject: must be an object"},
      {with_rights(R"(["erase"])", R"(, "subject": {"needs": []})"), "/subject: must be an object"},
      {with_rights(R"(["erase"])", R"(, "subject": {"needs": [["email"]], "yields": []})"), "/subject/yields"},
      {with(R"(, "subject": {"needs": [["email"]]})"), "neither stands under \"operations\""},
  };
  for (const auto& [text, part] : faults) EXPECT_NE(fault(text).find(part), std::string::npos) << text << fault(text);
}

TEST(ManifestTest, APluginThatNeedsALaterHubIsRefusedBeforeAnythingElseOfItIsRead) {
  EXPECT_EQ(parse_manifest(with(R"(, "min_host_minor": 0)"))->min_host_minor, 0U);
  EXPECT_EQ(parse_manifest(with(""))->min_host_minor, std::nullopt);
  EXPECT_EQ(
      fault(with(R"(, "min_host_minor": 7, "of_a_later_hub": true)")),
      "its manifest: it needs a hub that speaks ABI 1.7 at least; this one speaks 1.0: install a later hub, or an "
      "earlier version of the plugin");
  EXPECT_NE(fault(with(R"(, "min_host_minor": -1)")).find("/min_host_minor"), std::string::npos);
  EXPECT_NE(fault(with(R"(, "min_host_minor": 65536)")).find("/min_host_minor"), std::string::npos);
}

} // namespace
} // namespace plugboard::connector
