#include "core/api/problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

namespace plugboard::api {
namespace {

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return {};
}

TEST(ProblemTest, HasAStableTypeAndStatus) {
  const std::tuple<Problem, int, const char*> cases[] = {
      {Problem::malformed, 400, "malformed"},
      {Problem::invalid_request, 400, "invalid-request"},
      {Problem::client_unknown, 401, "client-unknown"},
      {Problem::scope_missing, 403, "scope-missing"},
      {Problem::credential_rejected, 403, "credential-rejected"},
      {Problem::not_found, 404, "not-found"},
      {Problem::method_not_allowed, 405, "method-not-allowed"},
      {Problem::session_unknown, 404, "session-unknown"},
      {Problem::conflict, 409, "conflict"},
      {Problem::too_large, 413, "too-large"},
      {Problem::overloaded_client, 429, "overloaded"},
      {Problem::overloaded, 503, "overloaded"},
      {Problem::authentication_unavailable, 503, "authentication-unavailable"},
      {Problem::internal, 500, "internal"},
  };
  for (const auto& [which, status, name] : cases) {
    auto response = problem(which);
    EXPECT_EQ(response.status, status) << name;
    EXPECT_EQ(response.content_type, "application/problem+json");
    EXPECT_THAT(response.body,
                testing::StartsWith("{\"type\":\"urn:plugboard:problem:" + std::string(name) + "\",\"title\":\""));
    EXPECT_THAT(response.body, testing::EndsWith("\",\"status\":" + std::to_string(status) + "}"));
    EXPECT_EQ(header(response, "retry-after").empty(), status != 429 && status != 503) << name;
    EXPECT_EQ(header(response, "www-authenticate").empty(), status != 401) << name;
  }
}

TEST(ProblemTest, QuotesItsDetailAsJson) {
  EXPECT_THAT(problem(Problem::malformed, "a \"quote\"\n").body, testing::HasSubstr(R"("detail":"a \"quote\"\n")"));
}

TEST(ProblemTest, IsChosenByTheErrorsCode) {
  const std::pair<Code, Problem> cases[] = {
      {Code::malformed, Problem::malformed},
      {Code::invalid_argument, Problem::invalid_request},
      {Code::too_large, Problem::too_large},
      {Code::not_found, Problem::session_unknown},
      {Code::conflict, Problem::conflict},
      {Code::denied, Problem::scope_missing},
      {Code::unauthenticated, Problem::client_unknown},
      {Code::timeout, Problem::overloaded},
      {Code::unreachable, Problem::overloaded},
      {Code::unavailable, Problem::overloaded},
      {Code::overloaded, Problem::overloaded},
      {Code::io, Problem::overloaded},
      {Code::cancelled, Problem::internal},
      {Code::internal, Problem::internal},
  };
  for (const auto& [code, expected] : cases) EXPECT_EQ(problem_of({code, "", ""}), expected) << name_of(code);
}

// An operator's words (paths, systems) are not a client's to read.
TEST(ProblemTest, TellsTheErrorsWordsOnlyWhenTheyAreAboutTheRequest) {
  const std::string words = "/var/lib/plugboard.db: disk I/O error";
  for (auto code : {Code::malformed, Code::invalid_argument, Code::too_large})
    EXPECT_THAT(refusal({code, words, ""}).body, testing::HasSubstr(words));
  for (auto code : {Code::not_found, Code::io, Code::unavailable, Code::internal, Code::overloaded, Code::timeout})
    EXPECT_THAT(refusal({code, words, ""}).body, testing::Not(testing::HasSubstr("plugboard.db")));
}

} // namespace
} // namespace plugboard::api
