#include "core/http/response_writer.hpp"

#include "core/http/characters.hpp"

#include <array>
#include <charconv>

namespace plugboard::http {
namespace {

std::string_view phrase(int status) {
  switch (status) {
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 304:
    return "Not Modified";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 413:
    return "Content Too Large";
  case 415:
    return "Unsupported Media Type";
  case 417:
    return "Expectation Failed";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 503:
    return "Service Unavailable";
  case 505:
    return "HTTP Version Not Supported";
  default:
    return "-"; // nobody reads it
  }
}

bool is_ours(std::string_view name) {
  return name == "content-type" || name == "content-length" || name == "transfer-encoding" || name == "connection" ||
         name == "date";
}

bool can_be_written(const Response& response) {
  if (response.status < 200 || response.status > 599 || !is_field_value(response.content_type)) return false;
  return std::all_of(response.headers.begin(), response.headers.end(), [](const Header& header) {
    return is_token(header.name) && is_field_value(header.value) && !is_ours(header.name);
  });
}

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

struct Problem {
  std::string_view name;
  std::string_view title;
};

Problem problem_of(int status) {
  switch (status) {
  case 401:
    return {"client-unknown", "The client is not known"};
  case 408:
    return {"timeout", "The request did not arrive in time"};
  case 413:
  case 431:
    return {"too-large", "The request is too large"};
  case 500:
    return {"internal", "The hub failed to answer"};
  case 503:
    return {"overloaded", "Too many connections; try again later"};
  default:
    return {"malformed", "The request is not plain HTTP/1.1"};
  }
}

} // namespace

bool write_response(std::string& out, const Response& response, const Sending& sending) {
  if (!can_be_written(response)) return false;
  const bool no_content = response.status == 204 || response.status == 304;
  out.reserve(out.size() + response.body.size() + 256);
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(response.status));
  out.append(" ").append(phrase(response.status)).append("\r\n").append(sending.date_line);
  if (!no_content) {
    if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
    out.append("Content-Length: ");
    append_number(out, response.body.size());
    out.append("\r\n");
  }
  for (const auto& header : response.headers) append_header(out, header.name, header.value);
  if (sending.close) append_header(out, "Connection", "close");
  out.append("\r\n");
  if (!no_content && !sending.without_body) out.append(response.body);
  return true;
}

Response problem(const Refusal& refusal) {
  const auto [name, title] = problem_of(refusal.status);
  Response response{refusal.status, "application/problem+json", {}, {}};
  response.body.append(R"({"type":"urn:plugboard:problem:)").append(name).append(R"(","title":")").append(title);
  response.body.append(R"(","status":)").append(std::to_string(refusal.status));
  if (!refusal.reason.empty()) response.body.append(R"(,"detail":")").append(refusal.reason).append(R"(")");
  response.body.append("}");
  if (refusal.status == 401) response.headers.push_back({"www-authenticate", "Bearer realm=\"plugboard\""});
  if (refusal.status == 503) response.headers.push_back({"retry-after", "1"});
  return response;
}

} // namespace plugboard::http
