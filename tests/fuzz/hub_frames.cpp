// What comes to a launcher or a worker on its socket: frames of a hub, or of whoever else holds the other end.
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

template <class T>
void check_same(std::string_view body, const std::optional<T>& message) {
  if (!message) return;
  std::string again;
  wire::write(again, *message);
  require(body_of(again) == body, "a message written again is what was read");
}

void check_call(std::string_view body) {
  wire::Call call;
  if (!wire::read(body, call)) return;
  require(call.request.identifier_count == call.identifiers.size(), "identifiers are counted");
  require(call.request.input_count == call.inputs.size(), "inputs are counted");
  std::string again;
  wire::write_call(again, call.handle, call.request);
  require(body_of(again) == body, "a call written again is what was read");
}

void check_response(std::string_view body) {
  wire::HttpResponse response;
  if (!wire::read(body, response)) return;
  std::string again;
  wire::write_http_response(again, response.exchange, response.response);
  require(body_of(again) == body, "a response written again is what was read");
}

} // namespace

void fuzz(std::string_view input) {
  for (const auto& [type, body] : read_frames(input).frames) {
    switch (type) {
    case wire::Type::launch:
      check_same(body, wire::read_launch(body));
      break;
    case wire::Type::setup:
      check_same(body, wire::read_setup(body));
      break;
    case wire::Type::call:
      check_call(body);
      break;
    case wire::Type::cancel:
      check_same(body, wire::read_cancel(body));
      break;
    case wire::Type::http_response:
      check_response(body);
      break;
    case wire::Type::file:
      check_same(body, wire::read_file_changed(body));
      break;
    case wire::Type::secret:
      check_same(body, wire::read_secret_value(body));
      break;
    case wire::Type::kv_told:
      check_same(body, wire::read_kv_told(body));
      break;
    case wire::Type::secret_replaced:
      check_same(body, wire::read_secret_replaced(body));
      break;
    case wire::Type::token_told:
      check_same(body, wire::read_token_told(body));
      break;
    default:
      static_cast<void>(wire::read_ping(body));
    }
  }
}

} // namespace plugboard::fuzz
