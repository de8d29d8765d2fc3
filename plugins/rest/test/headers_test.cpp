#include "plugins/rest/headers.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string problems_of(std::string_view config) {
  Problems problems;
  auto value = json(config);
  Fields fields(value, "", problems);
  Headers headers;
  headers.read(fields);
  headers.read_basic(fields);
  fields.all_read();
  return problems.text();
}

Headers compile(std::string_view config) {
  Problems problems;
  auto value = json(config);
  Fields fields(value, "", problems);
  Headers headers;
  headers.read(fields);
  headers.read_basic(fields);
  EXPECT_EQ(problems.text(), "");
  return headers;
}

// "Name: value" lines, or "failed: …".
std::string made(const Headers& headers, const testkit::FakeHost& host, testkit::Question question = {},
                 bool has_body = false) {
  Asking asking(std::move(question));
  auto fields = headers.make(host, asking.request(), has_body);
  if (!fields) return "failed: " + fields.failure().message;
  std::string lines;
  for (const auto& field : *fields) lines.append(field.name).append(": ").append(field.value).append("\n");
  return lines;
}

TEST(HeadersTest, SendsItsOwnFieldsAndThoseOfTheCall) {
  testkit::FakeHost host;
  EXPECT_EQ(made(Headers(), host), "Accept: application/json\nUser-Agent: plugboard-rest/1.0\n");
  EXPECT_EQ(made(Headers(), host, {.section = "s", .identifiers = {}, .language = "sv-SE"}, true),
            "Accept: application/json\nUser-Agent: plugboard-rest/1.0\nAccept-Language: sv-SE\n"
            "Content-Type: application/json\n");
}

TEST(HeadersTest, SendsNothingOfACallThatCouldEndALine) {
  testkit::FakeHost host;
  EXPECT_EQ(made(Headers(), host, {.section = "s", .identifiers = {}, .language = "sv\r\nX: y"}),
            "Accept: application/json\nUser-Agent: plugboard-rest/1.0\n");
}

TEST(HeadersTest, LetsTheConfigurationWinWhateverTheCase) {
  testkit::FakeHost host;
  auto text = made(compile(R"({"headers":{"accept":"application/vnd.api+json","USER-AGENT":"shop"}})"), host);
  EXPECT_EQ(text, "accept: application/vnd.api+json\nUSER-AGENT: shop\n");
}

TEST(HeadersTest, LetsTheSectionWinOverTheConnector) {
  testkit::FakeHost host;
  auto all = compile(R"({"headers":{"X-A":"section"}})").over(compile(R"({"headers":{"x-a":"1","X-B":"2"}})"));
  EXPECT_THAT(made(all, host), testing::StartsWith("X-A: section\nX-B: 2\nAccept: "));
}

TEST(HeadersTest, AsksForSecretsEachTime) {
  testkit::FakeHost host;
  auto headers = compile(
      R"({"headers":{"Authorization":{"prefix":"Bearer ","value":{"secret":"token"}},"X-Key":{"secret":"key"}}})");
  host.secret("token", "t1\n");
  host.secret("key", "k");
  EXPECT_THAT(made(headers, host), testing::StartsWith("Authorization: Bearer t1\nX-Key: k\n"));
  host.secret("token", "t2\r\n");
  EXPECT_THAT(made(headers, host), HasSubstr("Authorization: Bearer t2\n"));
}

TEST(HeadersTest, WritesBasicCredentialsAsBase64) {
  testkit::FakeHost host;
  host.secret("p", "open sesame");
  EXPECT_THAT(made(compile(R"({"basic":{"user":"Aladdin","password":{"secret":"p"}}})"), host),
              HasSubstr("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\n"));
  host.secret("p", "");
  EXPECT_THAT(made(compile(R"({"basic":{"user":"ab","password":{"secret":"p"}}})"), host), HasSubstr("Basic YWI6\n"));
  host.secret("p", "å");
  EXPECT_THAT(made(compile(R"({"basic":{"user":"a","password":{"secret":"p"}}})"), host),
              HasSubstr("Basic YTrDpQ==\n"));
}

TEST(HeadersTest, FailsWithoutTheSecretAndNeverShowsOne) {
  testkit::FakeHost host;
  auto headers = compile(R"({"headers":{"X-Key":{"secret":"key"}}})");
  EXPECT_EQ(made(headers, host), "failed: the secret for the header field X-Key is not there");
  host.secret("key", "hunter2\r\nX-Admin: 1");
  EXPECT_THAT(made(headers, host),
              testing::AllOf(HasSubstr("failed: the secret for the header field X-Key holds line breaks"),
                             Not(HasSubstr("hunter2"))));
}

TEST(HeadersTest, RefusesAnEmptySecret) {
  testkit::FakeHost host;
  host.secret("key", "\n");
  EXPECT_EQ(made(compile(R"({"headers":{"X-Key":{"secret":"key"}}})"), host),
            "failed: the secret for the header field X-Key is empty");
}

TEST(HeadersTest, SaysWhatIsWrongWithItsConfiguration) {
  EXPECT_THAT(problems_of(R"({"headers":{"X Y":"1"}})"), HasSubstr("/headers/X Y: this can't be the name"));
  EXPECT_THAT(problems_of(R"({"headers":{"":"1"}})"), HasSubstr("can't be the name"));
  for (auto name : {"Host", "content-length", "Transfer-Encoding", "Connection", "Accept-Encoding"})
    EXPECT_THAT(problems_of("{\"headers\":{\"" + std::string(name) + "\":\"1\"}}"), HasSubstr("the hub sets this"));
  EXPECT_THAT(problems_of(R"({"headers":{"A":"1","a":"2"}})"),
              HasSubstr("/headers/a: this header field is here twice"));
  EXPECT_THAT(problems_of(R"({"headers":{"A":"x\r\nB: y"}})"), HasSubstr("/headers/A: only printable ASCII"));
  EXPECT_THAT(problems_of(R"({"headers":{"A":{"prefix":"x\n","value":{"secret":"h"}}}})"), HasSubstr("only printable"));
  EXPECT_THAT(problems_of(R"({"headers":{"A":{"prefix":"x"}}})"),
              HasSubstr("/headers/A/value: say where the secret is"));
  EXPECT_THAT(problems_of(R"({"headers":{"A":{"value":"plain"}}})"), HasSubstr("/headers/A/value: say where"));
  EXPECT_THAT(problems_of(R"({"headers":{"A":7}})"), HasSubstr("/headers/A: write a string"));
  EXPECT_THAT(problems_of(R"({"basic":{"user":"a:b","password":{"secret":"h"}}})"),
              HasSubstr("/basic/user: write the user's"));
  EXPECT_THAT(problems_of(R"({"basic":{"user":"a","password":"plain"}})"),
              HasSubstr("/basic/password: say where it is"));
  EXPECT_THAT(problems_of(R"({"headers":{"authorization":"x"},"basic":{"user":"a","password":{"secret":"h"}}})"),
              HasSubstr("/basic: there is an Authorization header too"));
}

} // namespace
} // namespace plugboard::rest::test
