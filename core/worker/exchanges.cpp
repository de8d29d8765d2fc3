#include "core/worker/exchanges.hpp"

#include "core/connector/guard.hpp"
#include "core/wire/abi_text.hpp"

#include <algorithm>

namespace plugboard::worker {
namespace {

constexpr std::size_t kMostAtOnce = 1024; // the hub kills for more
constexpr std::size_t kMostHeaders = 128; // the hub refuses more, too
constexpr std::size_t kMostText = 8 << 20;

bool can_be_sent(const plugboard_http_request& request) {
  const auto fits = [](plugboard_str text) { return wire::is_readable(text) && text.size <= kMostText; };
  if (!fits(request.method) || !fits(request.url) || !fits(request.body)) return false;
  if (request.header_count > kMostHeaders || (request.header_count > 0 && request.headers == nullptr)) return false;
  return std::all_of(request.headers, request.headers + request.header_count,
                     [&](const plugboard_http_header& header) { return fits(header.name) && fits(header.value); });
}

} // namespace

std::int32_t Exchanges::send(const plugboard_http_request* raw, void* user, OnResponse on_response) {
  plugboard_http_request request;
  if (!wire::read_struct(raw, sizeof request, request) || on_response == nullptr || !can_be_sent(request))
    return PLUGBOARD_FAILED;
  std::uint64_t exchange = 0;
  {
    const std::lock_guard lock(mutex_);
    if (asked_.size() >= kMostAtOnce) return PLUGBOARD_BUSY;
    exchange = next_++;
    asked_.emplace(exchange, Asked{user, on_response});
  }
  outbox_.send([&](std::string& out) { wire::write_http_send(out, exchange, request); });
  return PLUGBOARD_OK;
}

void Exchanges::responded(std::string_view frame_body) {
  wire::HttpResponse response = std::move(response_);
  if (!wire::read(frame_body, response)) return;
  Asked asked;
  {
    const std::lock_guard lock(mutex_);
    const auto found = asked_.find(response.exchange);
    if (found == asked_.end()) return;
    asked = found->second;
    asked_.erase(found);
  }
  static_cast<void>(connector::guarded([&] { asked.on_response(asked.user, &response.response); }));
  response_ = std::move(response);
}

} // namespace plugboard::worker
