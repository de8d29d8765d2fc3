#include "plugins/rest/answer.hpp"

#include "plugins/rest/test/support.hpp"

#include <gmock/gmock.h>

namespace plugboard::rest::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using Headers = std::vector<HttpHeader>;

const std::chrono::sys_seconds kNow{784111777s}; // Sun, 06 Nov 1994 08:49:37 GMT
const Headers kJson{{"content-type", "application/json"}};

SectionSettings section(const std::string& members) {
  auto settings =
      read_settings(R"({"base_url":"https://x","sections":{"s":{"shape":"record/v1","url":"/",)" + members + "}}}");
  return settings.sections.at("s");
}

struct Read {
  Status status = Status::ok;
  std::string data, message;
  std::vector<Yield> yields;
  std::chrono::nanoseconds retry_after{0};
  bool verbatim = false;
};

Read read(const SectionSettings& settings, int status, const Headers& headers, std::string_view body) {
  std::vector<plugboard_http_header> raw;
  for (const auto& header : headers) raw.push_back({str(header.name), str(header.value)});
  plugboard_http_response response{
      PLUGBOARD_PREFIX(plugboard_http_response), PLUGBOARD_OK, status, raw.data(), raw.size(), str(body), {}};
  auto result = read_answer(settings, HttpResponse(response), kNow);
  // What may be passed on as it came is what is read so, and nothing else.
  if (auto passed_on = pass_on(settings, HttpResponse(response)))
    EXPECT_TRUE(result && result->verbatim && result->data == passed_on->data && result->yields.empty()) << body;
  else
    EXPECT_FALSE(result && result->verbatim && settings.yields.empty()) << body;
  if (result) return {Status::ok, result->data, "", result->yields, 0ns, result->verbatim};
  return {result.failure().status, "", result.failure().message, {}, result.failure().retry_after};
}

Read identity(int status, std::string_view body = "{}", const Headers& headers = kJson) {
  return read(section(R"("mapping":"identity")"), status, headers, body);
}

Read mapped(std::string_view body) {
  return read(section(R"("mapping":{"a":{"from":"/b","as":"integer"}})"), 200, kJson, body);
}

TEST(AnswerTest, TellsTheStatusesApart) {
  for (int code : {200, 201, 203, 226}) EXPECT_EQ(identity(code).status, Status::ok) << code;
  for (int code : {404, 410, 204}) EXPECT_EQ(identity(code).status, Status::not_found) << code;
  for (int code : {401, 403}) EXPECT_EQ(identity(code).status, Status::upstream_unauthorized) << code;
  EXPECT_EQ(identity(429).status, Status::upstream_rate_limited);
  for (int code : {301, 302, 304, 307, 308, 400, 402, 405, 408, 409, 422, 451, 499})
    EXPECT_EQ(identity(code).status, Status::upstream_refused) << code;
  for (int code : {500, 501, 502, 503, 504, 599}) EXPECT_EQ(identity(code).status, Status::upstream_failed) << code;
  for (int code : {202, 205, 206, 100, 0}) EXPECT_EQ(identity(code).status, Status::upstream_malformed) << code;
}

TEST(AnswerTest, SaysWhatTheOperatorCanDo) {
  EXPECT_EQ(identity(401).message, "the system answered 401: check the credentials");
  EXPECT_EQ(identity(302).message,
            "the system answered 302: redirects are not followed, set base_url to where it leads");
  EXPECT_EQ(identity(404, "<h1>ssn 1234</h1>").message, "the system answered 404");
}

TEST(AnswerTest, TakesRetryAfterOf429And503) {
  EXPECT_EQ(identity(429, "", {{"retry-after", "7"}}).retry_after, 7s);
  EXPECT_EQ(identity(503, "", {{"retry-after", "7"}}).retry_after, 7s);
  EXPECT_EQ(identity(429, "", {{"retry-after", "Sun, 06 Nov 1994 08:50:37 GMT"}}).retry_after, 60s);
  EXPECT_EQ(
      identity(429, "", {{"retry-after", "Sun, 06 Nov 1994 08:50:37 GMT"}, {"date", "Sun, 06 Nov 1994 08:50:36 GMT"}})
          .retry_after,
      1s);
  EXPECT_EQ(identity(429).retry_after, 0s);
  EXPECT_EQ(identity(500, "", {{"retry-after", "7"}}).retry_after, 0s);
  EXPECT_EQ(identity(301, "", {{"retry-after", "7"}}).retry_after, 0s);
}

TEST(AnswerTest, PassesAnIdentityOnByteByByte) {
  constexpr std::string_view kBody = " {\"b\": 1.50, \"b\" : broken \n";
  auto answer = identity(200, kBody);
  EXPECT_EQ(answer.data, kBody) << "the hub reads it strictly, once";
  EXPECT_TRUE(answer.verbatim);
  EXPECT_FALSE(mapped(R"({"b":1})").verbatim);
}

TEST(AnswerTest, RefusesAnIdentityThatIsNoObject) {
  EXPECT_EQ(identity(200, "[1]").status, Status::upstream_malformed);
  EXPECT_EQ(identity(200, "").message, "the answer is empty");
  EXPECT_EQ(identity(200, "\"x\"").message, "the answer is no JSON object");
}

TEST(AnswerTest, RefusesWhatDoesNotSayItIsJson) {
  auto typed = [](std::string type) { return identity(200, "{}", {{"content-type", std::move(type)}}); };
  for (auto type :
       {"application/json", "Application/JSON; charset=utf-8", "application/vnd.api+json", "text/json ;x=y"})
    EXPECT_EQ(typed(type).status, Status::ok) << type;
  for (auto type : {"text/plain", "", "application/xml", "application/jsonp", "+json", "json"})
    EXPECT_EQ(typed(type).message, "the answer's Content-Type is not JSON") << type;
  EXPECT_EQ(typed("text/html; charset=utf-8").message, "the answer is an HTML page, not JSON");
  EXPECT_EQ(identity(200, "{}", {}).status, Status::ok) << "none given: the body decides";
  EXPECT_EQ(identity(200, "{}", {{"content-encoding", "gzip"}}).status, Status::upstream_malformed);
}

TEST(AnswerTest, RefusesWhatIsNoSoundJsonWhenItMaps) {
  for (auto body : {R"({"b":1)", R"({"b":1,"b":2})", "<html></html>", "", "{\"b\":\"\xff\"}"}) {
    auto answer = mapped(body);
    EXPECT_EQ(answer.status, Status::upstream_malformed) << body;
    EXPECT_THAT(answer.message, HasSubstr("the answer is no sound JSON at byte "));
  }
}

TEST(AnswerTest, NamesThePointerButNeverTheValue) {
  auto answer = mapped(R"({"b":"4711-secret"})");
  EXPECT_EQ(answer.status, Status::upstream_malformed);
  EXPECT_EQ(answer.message, "what stands at /b is not a whole number of 64 bits");
}

TEST(AnswerTest, MapsToAnEmptyObjectWhenNothingIsThere) {
  EXPECT_EQ(mapped("{}").data, "{}");
}

TEST(AnswerTest, YieldsWhatStandsInTheAnswer) {
  auto settings = section(R"("mapping":{"a":"/a"},"yields":{"erp.ref":{"from":"/latest/ref","verified":true},
                             "erp.no":{"from":"/latest/no"},"erp.none":{"from":"/none"},"erp.empty":{"from":"/e"}})");
  auto answer = read(settings, 200, kJson, R"({"latest":{"ref":"r-1","no":900719925474099301},"none":null,"e":""})");
  ASSERT_EQ(answer.yields.size(), 2U);
  EXPECT_EQ(answer.yields[0].type, "erp.ref");
  EXPECT_EQ(answer.yields[0].value, "r-1");
  EXPECT_TRUE(answer.yields[0].verified);
  EXPECT_EQ(answer.yields[1].value, "900719925474099301");
  EXPECT_FALSE(answer.yields[1].verified);
}

TEST(AnswerTest, YieldsFromAnIdentityAndKeepsItsBytes) {
  auto settings = section(R"("mapping":"identity","yields":{"erp.ref":{"from":"/ref"}})");
  auto answer = read(settings, 200, kJson, R"({ "ref" : "r-1" })");
  EXPECT_EQ(answer.data, R"({ "ref" : "r-1" })");
  EXPECT_EQ(answer.yields.at(0).value, "r-1");
  EXPECT_EQ(read(settings, 200, kJson, R"({"ref":)").status, Status::upstream_malformed);
  EXPECT_EQ(read(settings, 200, kJson, R"(["ref"])").status, Status::upstream_malformed);
}

TEST(AnswerTest, RefusesYieldsThatAreNoScalars) {
  auto settings = section(R"("mapping":"identity","yields":{"erp.ref":{"from":"/ref"}})");
  for (auto body : {R"({"ref":{"x":1}})", R"({"ref":true})", R"({"ref":[]})"})
    EXPECT_EQ(read(settings, 200, kJson, body).message, "what stands at /ref is no identifier (erp.ref)") << body;
}

TEST(AnswerTest, TakesTheHubsReasonWhenThereWasNoAnswer) {
  for (auto status : {Status::timeout, Status::unreachable, Status::egress_denied, Status::too_large,
                      Status::upstream_malformed, Status::cancelled, Status::busy}) {
    plugboard_http_response response{
        PLUGBOARD_PREFIX(plugboard_http_response), static_cast<std::int32_t>(status), 0, nullptr, 0, {}, str("why")};
    auto result = read_answer(section(R"("mapping":"identity")"), HttpResponse(response), kNow);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.failure().status, status);
    EXPECT_EQ(result.failure().message, "why");
  }
}

// The hub would refuse the section as this plugin's own fault; it is the system's.
TEST(AnswerTest, BlamesTheSystemForWhatTheHubWouldNotTake) {
  auto whole = section(R"("mapping":{"a":""})");
  const auto ended = [&](std::string_view body) { return read(whole, 200, kJson, body); };
  for (auto number : {"18446744073709551615", "-9223372036854775808", "1.7976931348623157e308", "1e-400", "-0.0"})
    EXPECT_EQ(ended(std::string("{\"b\":[") + number + "]}").status, Status::ok) << number;
  for (auto number : {"18446744073709551616", "-9223372036854775809", "1.8e308", "-123456789012345678901234567890"}) {
    const auto refused = ended(std::string("{\"b\":[") + number + "]}");
    EXPECT_EQ(refused.status, Status::upstream_malformed) << number;
    EXPECT_THAT(refused.message, Not(HasSubstr(number)));
  }
  EXPECT_THAT(ended(R"({"b":[1,18446744073709551616]})").message, HasSubstr("/a/b/1 is a number larger"));
  EXPECT_EQ(ended(std::string(63, '[') + std::string(63, ']')).status, Status::ok);
  EXPECT_EQ(ended(std::string(64, '[') + std::string(64, ']')).status, Status::upstream_malformed);
  const auto list = [](int size) {
    std::string text = "[0";
    for (int i = 1; i < size; ++i) text += ",0";
    return text + "]";
  };
  EXPECT_EQ(ended(list(99'999)).status, Status::ok);
  EXPECT_EQ(ended(list(100'000)).status, Status::upstream_malformed);
  EXPECT_THAT(ended(list(100'000)).message, HasSubstr("/a goes over the 100,000 members"));
  EXPECT_EQ(read(section(R"("mapping":{"a":{"from":"/b","as":"string"}})"), 200, kJson,
                 R"({"b":123456789012345678901234567890})")
                .data,
            R"({"a":"123456789012345678901234567890"})");
}

} // namespace
} // namespace plugboard::rest::test
