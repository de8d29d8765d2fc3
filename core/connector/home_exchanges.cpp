#include "core/connector/home_exchanges.hpp"

#include "core/base/insist.hpp"
#include "core/base/on_exit.hpp"
#include "core/connector/abi_text.hpp"
#include "core/connector/guard.hpp"
#include "core/connector/pause_asked.hpp"
#include "core/http/origin.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace plugboard::connector {
namespace {

constexpr std::size_t kFewHeaders = 32;

std::int32_t error_of(Code code) {
  switch (code) {
  case Code::unreachable:
    return PLUGBOARD_UNREACHABLE;
  case Code::denied:
    return PLUGBOARD_EGRESS_DENIED;
  case Code::timeout:
    return PLUGBOARD_TIMEOUT;
  case Code::too_large:
    return PLUGBOARD_TOO_LARGE;
  case Code::malformed:
    return PLUGBOARD_UPSTREAM_MALFORMED;
  case Code::cancelled:
    return PLUGBOARD_CANCELLED;
  case Code::overloaded:
    return PLUGBOARD_BUSY;
  default:
    return PLUGBOARD_FAILED;
  }
}

} // namespace

std::uint64_t HomeExchanges::begin(std::unique_ptr<Exchange> exchange) {
  const std::uint64_t id = next_++;
  OnExit beginning([&] { // for want of memory it could not: the plugin is told, else it waits for ever
    const auto node = sent_.extract(id);
    if (!exchange && node.empty()) return; // answered already
    fail_with(exchange ? *exchange : *node.mapped().exchange, PLUGBOARD_BUSY, "the hub has no memory");
  });
  if (exchange->throttle == nullptr) {
    const std::string what = "the hub does not let this connector reach " + exchange->request.url.origin.host +
                             ": grant it under grants.egress, if the plugin's manifest asks for it";
    beginning.dismiss();
    fail_with(*exchange, PLUGBOARD_EGRESS_DENIED, what);
    return 0;
  }
  if (exchange->held > Duration::zero()) {
    const std::string what = http::name_of(exchange->request.url.origin) + " is left alone for another " +
                             std::to_string(std::chrono::ceil<std::chrono::milliseconds>(exchange->held).count()) +
                             " ms: it asked for a pause, or its rate_limit is reached";
    beginning.dismiss();
    fail_with(*exchange, PLUGBOARD_UPSTREAM_RATE_LIMITED, what);
    return 0;
  }
  http::Call request = std::move(exchange->request);
  Sent& sent = new_sent(id);
  sent.exchange = std::move(exchange);
  sent.client_id = client_.send(std::move(request), [this, id](const Result<http::Answer>& got) { answered(id, got); });
  beginning.dismiss();
  return id;
}

HomeExchanges::Sent& HomeExchanges::new_sent(std::uint64_t id) {
  if (spare_.empty()) return sent_[id];
  auto node = std::move(spare_.back());
  spare_.pop_back();
  node.key() = id;
  return sent_.insert(std::move(node)).position->second;
}

void HomeExchanges::refuse(std::unique_ptr<Exchange> exchange) {
  fail_with(*exchange, PLUGBOARD_CANCELLED, "the call is over");
}

void HomeExchanges::cancel(std::uint64_t id) {
  const auto found = sent_.find(id);
  if (found != sent_.end()) client_.cancel(found->second.client_id); // answers it, through answered()
}

void HomeExchanges::cancel_all() {
  std::vector<std::uint64_t> ids;
  ids.reserve(sent_.size());
  for (const auto& [id, sent] : sent_) ids.push_back(id);
  for (std::uint64_t id : ids) cancel(id);
}

void HomeExchanges::answered(std::uint64_t id, const Result<http::Answer>& got) {
  auto node = sent_.extract(id);
  if (node.empty()) return;
  const auto exchange = std::move(node.mapped().exchange);
  if (spare_.size() < spare_.capacity()) spare_.push_back(std::move(node));
  learn(*exchange, got);
  answer(*exchange, got);
}

void HomeExchanges::learn(const Exchange& exchange, const Result<http::Answer>& got) {
  if (!got || (got->status != 429 && got->status != 503)) return;
  Duration pause{};
  insist([&] { pause = pause_asked(*got, clock_.wall()); }); // else nobody would answer it
  if (pause > Duration::zero()) exchange.throttle->pause(clock_.now(), pause);
}

void HomeExchanges::answer(const Exchange& exchange, const Result<http::Answer>& got) {
  if (!got) return fail_with(exchange, error_of(got.error().code), got.error().message);
  std::array<plugboard_http_header, kFewHeaders> few;
  std::vector<plugboard_http_header> many;
  if (got->headers.size() > few.size())
    insist([&] { many.resize(got->headers.size()); }); // else nobody would answer it
  auto* const headers = many.empty() ? few.data() : many.data();
  std::transform(got->headers.begin(), got->headers.end(), headers, [](const http::Header& header) {
    return plugboard_http_header{str(header.name), str(header.value)};
  });
  plugboard_http_response response{};
  response.p = PLUGBOARD_PREFIX(plugboard_http_response);
  response.error = PLUGBOARD_OK;
  response.status = got->status;
  response.headers = headers;
  response.header_count = got->headers.size();
  response.body = str(got->body);
  respond(exchange, response);
}

void HomeExchanges::fail_with(const Exchange& exchange, std::int32_t error, std::string_view message) {
  plugboard_http_response response{};
  response.p = PLUGBOARD_PREFIX(plugboard_http_response);
  response.error = error;
  response.message = str(message);
  respond(exchange, response);
}

void HomeExchanges::respond(const Exchange& exchange, const plugboard_http_response& response) {
  {
    const Mailbox::Visit visit(mailbox_);
    static_cast<void>(guarded([&] { exchange.on_response(exchange.user, &response); })); // its call then times out
  }
  mailbox_.deliver();
}

} // namespace plugboard::connector
