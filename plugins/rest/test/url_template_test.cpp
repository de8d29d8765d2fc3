#include "plugins/rest/url_template.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using testing::HasSubstr;

const Vocabulary kNeeds{{"customer_id", "email", "crm.rep", ".own"}};

UrlTemplate compile(std::string_view text) {
  Problems problems;
  auto url = UrlTemplate::read(text, kNeeds, "/url", problems);
  EXPECT_EQ(problems.text(), "");
  return url;
}

std::string expanded(std::string_view text, testkit::Question question) {
  auto url = compile(text).expand(Asking(std::move(question)).variables());
  if (url) return *url;
  EXPECT_EQ(url.failure().status, Status::failed);
  return "failed: " + url.failure().message;
}

std::string with_id(std::string_view text, std::string id) {
  return expanded(text, {.section = "s", .identifiers = {{"customer_id", std::move(id)}}});
}

std::string with_params(std::string_view text, std::string params) {
  return expanded(text, {.section = "s", .identifiers = {}, .params = std::move(params)});
}

std::string problems_of(std::string_view text) {
  Problems problems;
  static_cast<void>(UrlTemplate::read(text, kNeeds, "/url", problems));
  return problems.text();
}

std::string base_problem(std::string_view text) {
  Problems problems;
  auto base = read_base_url(text, "/base_url", problems);
  EXPECT_EQ(base.has_value(), problems.none());
  return problems.text();
}

TEST(UrlTemplateTest, PutsInIdentifiersParametersLanguageAndTenant) {
  EXPECT_EQ(
      expanded("/{tenant}/customers/{customer_id}/orders?limit={params.limit}&new={params.new}&lang={language}&f=1",
               {.section = "s",
                .identifiers = {{"email", "a@b.example"}, {"customer_id", "7"}},
                .params = R"({"limit":5,"new":true})",
                .tenant = "se",
                .language = "sv"}),
      "/se/customers/7/orders?limit=5&new=true&lang=sv&f=1");
}

TEST(UrlTemplateTest, FindsTheConnectorsOwnIdentifierUnderItsFullName) {
  EXPECT_EQ(expanded("/r/{.own}", {.section = "s", .identifiers = {{"crm.rep", "1"}, {"erp.own", "2"}}}), "/r/2");
  EXPECT_EQ(expanded("/r/{crm.rep}", {.section = "s", .identifiers = {{"crm.rep", "1"}, {"erp.own", "2"}}}), "/r/1");
}

TEST(UrlTemplateTest, EncodesAllButUnreservedCharacters) {
  EXPECT_EQ(with_id("/c/{customer_id}", "aZ0-._~"), "/c/aZ0-._~");
  EXPECT_EQ(with_id("/c/{customer_id}", "a/b?c#d&e=f+g%h i"), "/c/a%2Fb%3Fc%23d%26e%3Df%2Bg%25h%20i");
  EXPECT_EQ(with_id("/c/{customer_id}", "ö\r\n;@:"), "/c/%C3%B6%0D%0A%3B%40%3A");
  EXPECT_EQ(with_id("/c/{customer_id}", std::string("a\0b", 3)), "/c/a%00b");
  EXPECT_EQ(with_id("/c?q=a:{customer_id}", "x&admin=1"), "/c?q=a:x%26admin%3D1");
}

TEST(UrlTemplateTest, RefusesValuesThatWouldStepThroughThePath) {
  for (auto id : {".", "..", "../admin", "a/../b", "a/..", "..\\x", "./x", "a/./b", "a\\.."})
    EXPECT_THAT(with_id("/c/{customer_id}/orders", id), HasSubstr("failed: a value would make a step")) << id;
  EXPECT_THAT(with_id("/c/.{customer_id}/orders", "."), HasSubstr("would make a step"));
  EXPECT_EQ(with_id("/c/{customer_id}/orders", "..."), "/c/.../orders");
  EXPECT_EQ(with_id("/c/id-{customer_id}", ".."), "/c/id-..");
  EXPECT_EQ(with_id("/c/{customer_id}", "SE/123"), "/c/SE%2F123");
  EXPECT_EQ(with_id("/c?q={customer_id}", "../x"), "/c?q=..%2Fx") << "a query has no steps";
}

TEST(UrlTemplateTest, LeavesOutQueryPairsWithoutAValue) {
  constexpr auto kUrl = "/o?a={params.a}&b=1&c={params.c}:{params.d}&l={language}";
  EXPECT_EQ(with_params(kUrl, "{}"), "/o?b=1");
  EXPECT_EQ(with_params(kUrl, R"({"a":"x","c":1})"), "/o?a=x&b=1");
  EXPECT_EQ(with_params(kUrl, R"({"c":1,"d":2})"), "/o?b=1&c=1:2");
  EXPECT_EQ(with_params("/o?a={params.a}", R"({"a":null})"), "/o");
  EXPECT_EQ(with_params("/o?a={params.a}", R"({"a":""})"), "/o?a=");
}

TEST(UrlTemplateTest, FailsWithoutAValueInThePath) {
  EXPECT_THAT(with_params("/o/{params.year}", "{}"), HasSubstr("failed: {params.year} stands in the path"));
  EXPECT_THAT(with_params("/o/{params.year}", R"({"year":""})"), HasSubstr("{params.year} stands in the path"));
  EXPECT_THAT(with_id("/o/{customer_id}", ""), HasSubstr("{customer_id} stands in the path"));
  EXPECT_THAT(with_id("/o/{email}", "7"), HasSubstr("{email} stands in the path"));
}

TEST(UrlTemplateTest, TakesScalarsOnly) {
  EXPECT_EQ(with_params("/o?a={params.a}", R"({"a":-1.50e3})"), "/o?a=-1.50e3");
  EXPECT_EQ(with_params("/o?a={params.a}", R"({"a":[1]})"),
            "failed: {params.a} must be a string, a number or true or false");
  EXPECT_EQ(with_params("/o/{params.a}", R"({"a":{}})"),
            "failed: {params.a} must be a string, a number or true or false");
}

TEST(UrlTemplateTest, NamesTheIdentifiersItUses) {
  EXPECT_THAT(compile("/{customer_id}/{params.x}?e={email}&l={language}").identifiers(),
              testing::ElementsAre("customer_id", "email"));
}

TEST(UrlTemplateTest, SaysWhatIsWrongWithItsText) {
  EXPECT_THAT(problems_of("customers"), HasSubstr("/url: begin it with a /"));
  EXPECT_THAT(problems_of(""), HasSubstr("begin it with a /"));
  EXPECT_THAT(problems_of("https://x/"), HasSubstr("begin it with a /"));
  EXPECT_THAT(problems_of("/a#b"), HasSubstr("a fragment"));
  EXPECT_THAT(problems_of("/a/{customer_id"), HasSubstr("a { without a }"));
  EXPECT_THAT(problems_of("/a/customer_id}"), HasSubstr("a } without a {"));
  EXPECT_THAT(problems_of("/a/{}"), HasSubstr("{} names nothing"));
  EXPECT_THAT(problems_of("/a/{Email}"), HasSubstr("{Email} names nothing"));
  EXPECT_THAT(problems_of("/a/{params.}"), HasSubstr("names nothing"));
  EXPECT_THAT(problems_of("/a/{phone}"), HasSubstr("{phone} is no identifier that the section's \"needs\" name"));
  EXPECT_THAT(problems_of("/a?{params.x}"), HasSubstr("must be a value: write \"name={…}\""));
  EXPECT_THAT(problems_of("/a?b{params.x}=1"), HasSubstr("must be a value"));
  EXPECT_THAT(problems_of("/a b"), HasSubstr("byte 32 can't stand in a URL as it is: write it percent-encoded, %20"));
  EXPECT_THAT(problems_of("/a%2"), HasSubstr("%25"));
  EXPECT_THAT(problems_of("/a/../b"), HasSubstr("can't be segments"));
  EXPECT_THAT(problems_of("/a/%2e%2E/b"), HasSubstr("can't be segments"));
  EXPECT_EQ(problems_of("/a/%C3%B6/@:;,=?q=(1)&r=/x?y"), "");
}

TEST(UrlTemplateTest, ChecksTheBaseUrl) {
  Problems problems;
  EXPECT_EQ(read_base_url("https://api.shop.example/v1/", "", problems), "https://api.shop.example/v1");
  EXPECT_EQ(read_base_url("http://127.0.0.1:8080", "", problems), "http://127.0.0.1:8080");
  EXPECT_EQ(read_base_url("http://[::1]:8080/", "", problems), "http://[::1]:8080");
  EXPECT_TRUE(problems.none());
  EXPECT_THAT(base_problem("api.shop.example"), HasSubstr("/base_url: write an absolute URL"));
  EXPECT_THAT(base_problem("ftp://x"), HasSubstr("absolute URL"));
  EXPECT_THAT(base_problem("https://"), HasSubstr("absolute URL"));
  EXPECT_THAT(base_problem("https://u:p@x"), HasSubstr("no user or password"));
  EXPECT_THAT(base_problem("https://x/?a=1"), HasSubstr("before any ? or #"));
  EXPECT_THAT(base_problem("https://{tenant}.x"), HasSubstr("without variables"));
  EXPECT_THAT(base_problem("https://x/{tenant}"), HasSubstr("can't stand in a URL"));
  EXPECT_THAT(base_problem("https://x y/"), HasSubstr("plain ASCII"));
  EXPECT_THAT(base_problem("https://x/a/../b"), HasSubstr("can't be segments"));
}

} // namespace
} // namespace plugboard::rest::test
