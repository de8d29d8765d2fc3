#include "core/connector/host_http.hpp"

#include "core/connector/abi_text.hpp"
#include "core/http/characters.hpp"

#include <algorithm>
#include <array>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostHeaders = 128;
constexpr std::size_t kOwnHeaders = 2; // see put_trace
constexpr std::size_t kMostHeaderText = 16 * 1024;
constexpr std::size_t kMostBodyBytes = 1 << 20; // of an answer; the hub's limit
constexpr std::size_t kMostRequestBytes = 8 << 20;
constexpr Duration kTimeWithoutCall = std::chrono::seconds(10);

using http::is_field_value;
using http::is_token;

bool is_the_hubs(std::string_view lower_case_name) { // headers that decide where a message ends and who it is for
  constexpr std::array<std::string_view, 9> kOurs{
      "host",       "content-length", "connection", "transfer-encoding", "upgrade", "te", "proxy-connection",
      "keep-alive", "trailer"};
  return std::find(kOurs.begin(), kOurs.end(), lower_case_name) != kOurs.end();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

Result<http::Headers> read_headers(const plugboard_http_request& request) {
  if (request.header_count > kMostHeaders || (request.header_count > 0 && request.headers == nullptr))
    return fail(Code::invalid_argument, "too many headers, or none where some are counted");
  http::Headers headers;
  headers.reserve(request.header_count + kOwnHeaders);
  for (std::size_t i = 0; i < request.header_count; ++i) {
    const plugboard_http_header& header = request.headers[i];
    if (!is_readable(header.name) || !is_readable(header.value) || header.name.size > kMostHeaderText ||
        header.value.size > kMostHeaderText)
      return fail(Code::invalid_argument, "a header without text, or too long");
    std::string name = lower(view(header.name));
    if (!is_token(name) || !is_field_value(view(header.value)))
      return fail(Code::invalid_argument, "a header with a character that no header has");
    if (is_the_hubs(name)) return fail(Code::invalid_argument, "header " + name + " is the hub's to set");
    headers.push_back({std::move(name), std::string(view(header.value))});
  }
  return headers;
}

// A plugin that says itself what it is part of is left its own word.
void put_trace(const TraceContext& trace, http::Headers& headers) {
  const auto said = http::find(headers, "traceparent");
  if (said && *said != trace.parent) return;
  if (!said) headers.push_back({"traceparent", trace.parent});
  if (!trace.state.empty() && !http::find(headers, "tracestate")) headers.push_back({"tracestate", trace.state});
}

} // namespace

HostHttp::HostHttp(Border& border, Egress egress, const UpstreamRates& rates, HostLog& log, const Clock& clock)
    : border_(border), egress_(std::move(egress)), log_(log), clock_(clock) {
  for (const auto& place : egress_.places()) throttles_.push_back(std::make_unique<Throttle>(rates.of(place.grant)));
}

std::int32_t HostHttp::unusable(std::string_view why) const {
  log_.noticed("plugin.http_unusable", why);
  return PLUGBOARD_FAILED;
}

// Most lead to a place that is granted and are written as that is: the same is read of them either way.
Result<void> HostHttp::read_url(std::string_view text, http::Call& call) const {
  std::string_view target;
  const auto* place = egress_.find_plain(text, target);
  if (place != nullptr && http::is_origin_target(target)) {
    call.url.origin = place->origin;
    call.url.target = target;
    return {};
  }
  auto url = http::parse_url(text);
  if (!url) return url.error();
  call.url = std::move(*url);
  return {};
}

Result<http::Call> HostHttp::read(const plugboard_http_request& request) const {
  if (!is_readable(request.method) || !is_readable(request.url) || !is_readable(request.body) ||
      request.method.size > 32 || request.url.size > kMostHeaderText || request.body.size > kMostRequestBytes)
    return fail(Code::invalid_argument, "method, URL or body has no text, or is too long");
  http::Call call;
  call.method = view(request.method);
  if (!is_token(call.method) || call.method == "CONNECT" || call.method == "TRACE")
    return fail(Code::invalid_argument, "this method can't be used");
  if (auto url = read_url(view(request.url), call); !url) return url.error();
  auto headers = read_headers(request);
  if (!headers) return headers.error();
  call.headers = std::move(*headers);
  call.body = view(request.body);
  const std::uint64_t most = request.max_body_bytes == 0 ? kMostBodyBytes : request.max_body_bytes;
  call.max_body_bytes = static_cast<std::size_t>(std::min<std::uint64_t>(most, kMostBodyBytes));
  return call;
}

std::int32_t HostHttp::send(const plugboard_http_request* raw, void* user, OnResponse on_response) const {
  plugboard_http_request request;
  if (!read_struct(raw, sizeof request, request) || on_response == nullptr)
    return unusable("send() was not given a plugboard_http_request and a function for the response");
  auto call = read(request);
  if (!call) return unusable(call.error().message);

  auto exchange = std::make_unique<Exchange>();
  std::size_t home = 0;
  // With a call and no limit of its own it ends when the call does: that is one timer, and one reason, less.
  Deadline until = request.call != nullptr ? Deadline::never() : Deadline::after(clock_.now(), kTimeWithoutCall);
  if (request.timeout_ns > 0) until = Deadline::after(clock_.now(), Duration(request.timeout_ns));
  if (request.call != nullptr) {
    const auto found = border_.calls().find(request.call);
    if (found.call == nullptr) return PLUGBOARD_CANCELLED; // completed already
    home = found.call->home;
    exchange->call = found.call->id;
    if (until.at() >= found.call->until.at()) until = Deadline::never();
    if (const auto* trace = found.call->trace()) put_trace(*trace, call->headers);
  }
  exchange->request = std::move(*call);
  exchange->request.deadline = until;
  if (const auto* place = egress_.find(exchange->request.url.origin)) {
    exchange->throttle = throttles_[static_cast<std::size_t>(place - egress_.places().data())].get();
    exchange->request.reach = place->reach;
  }
  exchange->user = user;
  exchange->on_response = on_response;
  return border_.send(home, std::move(exchange)) ? PLUGBOARD_OK : PLUGBOARD_CANCELLED;
}

} // namespace plugboard::connector
