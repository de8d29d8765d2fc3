#include "core/api/problem.hpp"

#include "core/json/writer.hpp"

namespace plugboard::api {

namespace {

struct Words {
  Problem problem;
  int status;
  std::string_view name, title;
};

constexpr Words kWords[] = {
    {Problem::malformed, 400, "malformed", "The body is not acceptable JSON"},
    {Problem::invalid_request, 400, "invalid-request", "The request is not what this call takes"},
    {Problem::client_unknown, 401, "client-unknown", "No client has this key or certificate"},
    {Problem::scope_missing, 403, "scope-missing", "This client may not make this call"},
    {Problem::credential_rejected, 403, "credential-rejected", "The credential does not prove who the customer is"},
    {Problem::not_found, 404, "not-found", "There is no such call"},
    {Problem::method_not_allowed, 405, "method-not-allowed", "This call takes another method"},
    {Problem::session_unknown, 404, "session-unknown", "There is no such session for this client"},
    {Problem::conflict, 409, "conflict", "It is there already, or may not be changed here"},
    {Problem::too_large, 413, "too-large", "The body is too large"},
    {Problem::overloaded_client, 429, "overloaded", "Too many requests from this client"},
    {Problem::overloaded, 503, "overloaded", "The hub can't take this request now"},
    {Problem::authentication_unavailable, 503, "authentication-unavailable",
     "The system that authenticates did not answer"},
    {Problem::audit_unavailable, 503, "audit-unavailable", "The hub can't put this on record, so it does not do it"},
    {Problem::internal, 500, "internal", "The hub failed; its log says why"},
};

const Words& words_of(Problem problem) {
  for (const auto& words : kWords)
    if (words.problem == problem) return words;
  return words_of(Problem::internal);
}

} // namespace

http::Response problem(Problem problem, std::string_view detail) {
  const auto& words = words_of(problem);
  http::Response response;
  response.status = words.status;
  response.content_type = "application/problem+json";
  response.is_even = problem == Problem::session_unknown;
  json::Writer writer(response.body);
  writer.begin_object();
  writer.member("type", "urn:plugboard:problem:" + std::string(words.name));
  writer.member("title", words.title).member("status", words.status);
  if (!detail.empty()) writer.member("detail", detail);
  writer.end_object();
  if (problem == Problem::client_unknown)
    response.headers.push_back({"www-authenticate", "Bearer realm=\"plugboard\""});
  if (words.status == 429 || words.status == 503) response.headers.push_back({"retry-after", "1"});
  return response;
}

namespace {

http::Response later(Problem which, std::string_view detail, std::int64_t seconds) {
  auto response = problem(which, detail);
  for (auto& header : response.headers)
    if (header.name == "retry-after") header.value = std::to_string(seconds);
  return response;
}

} // namespace

http::Response too_many(std::string_view detail, std::int64_t seconds) {
  return later(Problem::overloaded_client, detail, seconds);
}

http::Response overloaded(std::string_view detail, std::int64_t seconds) {
  return later(Problem::overloaded, detail, seconds);
}

Problem problem_of(const Error& error) {
  if (error.origin == "audit" && error.code != Code::invalid_argument) return Problem::audit_unavailable;
  switch (error.code) {
  case Code::malformed:
    return Problem::malformed;
  case Code::invalid_argument:
    return Problem::invalid_request;
  case Code::too_large:
    return Problem::too_large;
  case Code::not_found:
    return Problem::session_unknown;
  case Code::conflict:
    return Problem::conflict;
  case Code::denied:
    return Problem::scope_missing;
  case Code::unauthenticated:
    return Problem::client_unknown;
  case Code::timeout:
  case Code::unreachable:
  case Code::unavailable:
  case Code::overloaded:
  case Code::io:
    return Problem::overloaded;
  case Code::cancelled:
  case Code::internal:
    break;
  }
  return Problem::internal;
}

http::Response refusal(const Error& error) {
  auto which = problem_of(error);
  bool about_the_request =
      which == Problem::malformed || which == Problem::invalid_request || which == Problem::too_large;
  return problem(which, about_the_request ? std::string_view(error.message) : std::string_view());
}

} // namespace plugboard::api
