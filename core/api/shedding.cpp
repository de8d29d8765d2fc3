#include "core/api/shedding.hpp"

namespace plugboard::api {

namespace {

constexpr connector::Rate kUnknownTokens{50, 500}; // a desk whose sessions ended over night stays below
constexpr std::string_view kPrefix = "pbs_";
constexpr std::size_t kTokenLength = 4 + 43 + 6;

// The session that the body names, by the looks of it; "" for none, or for one that is written in a way of its own.
std::string_view token_in(std::string_view body) {
  const auto at = body.find(kPrefix);
  return at == std::string_view::npos ? std::string_view() : body.substr(at, kTokenLength);
}

bool needs_no_session(const http::Request& request) {
  const bool is_hidden = request.body.find('\\') != std::string_view::npos;
  return request.method == "GET" ||
         (request.path == "/v1/sessions" && !is_hidden && request.body.find("pbc_") == std::string_view::npos);
}

} // namespace

void count_unknown(const session::Client& client, Instant now) {
  if (client.use) client.use->unknown_tokens.charge(kUnknownTokens, now);
}

bool sheds(const session::Client& client, const session::Sessions& sessions, const http::Request& request,
           Instant now) {
  if (!client.use || !client.use->unknown_tokens.is_empty(kUnknownTokens, now)) return false;
  const auto token = token_in(request.body);
  return token.empty() ? !needs_no_session(request) : !sessions.remembers(token, client.tenant, client.id);
}

} // namespace plugboard::api
