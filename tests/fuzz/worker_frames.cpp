// What a worker, which may be anybody's by now, writes on its socket: frames that the hub reads. A message is exactly
// itself: written again it is the bytes that were read, but for what the hub bounds.
#include "core/wire/abi_text.hpp"
#include "core/wire/kept.hpp"
#include "core/wire/messages.hpp"
#include "tests/fuzz/frames.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {
namespace {

std::string body_of(const std::string& frame) {
  return frame.substr(wire::kHeadBytes);
}

void check_answer(std::string_view body) {
  const auto answer = wire::read_answer(body);
  if (!answer) return;
  const wire::Reply& reply = answer->reply;
  require(!reply.verdict, "no worker speaks for the hub");
  require(reply.identifiers.size() <= wire::kMostYields && reply.message.size() <= wire::kMostMessage &&
              reply.garbage.size() <= wire::kMostMessage,
          "what an answer holds is bounded");
  require(reply.retry_after >= Duration::zero() && reply.retry_after <= std::chrono::hours(24), "and so is its pause");
  std::string once, twice;
  wire::write(once, *answer);
  const auto again = wire::read_answer(body_of(once));
  require(again.has_value(), "an answer that was written is read");
  wire::write(twice, *again);
  require(once == twice, "and is the same");
}

void check_http(std::string_view body) {
  wire::HttpSend send;
  if (!wire::read(body, send)) return;
  require(send.request.call == nullptr, "whose call it is, the hub finds out");
  require(send.request.header_count == send.headers.size(), "headers are counted");
  send.request.call = reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(send.call));
  std::string again;
  wire::write_http_send(again, send.exchange, send.request);
  require(body_of(again) == body, "a request written again is what was read");
}

template <class T>
void check_same(std::string_view body, const std::optional<T>& message) {
  if (!message) return;
  std::string again;
  wire::write(again, *message);
  require(body_of(again) == body, "a message written again is what was read");
}

} // namespace

void fuzz(std::string_view input) {
  for (const auto& [type, body] : read_frames(input).frames) {
    switch (type) {
    case wire::Type::launched:
      check_same(body, wire::read_launched(body));
      break;
    case wire::Type::hello:
      check_same(body, wire::read_hello(body));
      break;
    case wire::Type::refused:
      check_same(body, wire::read_refused(body));
      break;
    case wire::Type::reply:
      check_answer(body);
      break;
    case wire::Type::log:
      check_same(body, wire::read_said(body));
      break;
    case wire::Type::http_send:
      check_http(body);
      break;
    case wire::Type::secret_get:
      check_same(body, wire::read_secret_get(body));
      break;
    case wire::Type::kv_ask:
      check_same(body, wire::read_kv_ask(body));
      break;
    case wire::Type::secret_replace:
      check_same(body, wire::read_secret_replace(body));
      break;
    case wire::Type::token_ask:
      check_same(body, wire::read_token_ask(body));
      break;
    case wire::Type::token_refused:
      check_same(body, wire::read_token_refused(body));
      break;
    default:
      static_cast<void>(wire::read_ping(body));
    }
  }
}

} // namespace plugboard::fuzz
