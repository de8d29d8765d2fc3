#include "tests/unit/http/multiplexing.hpp"

#include "tests/unit/http/field_reader.hpp"

namespace plugboard::http {

Order& Multiplexing::ask(const std::string& method, const std::string& body, Headers headers) {
  auto& order = orders_.emplace_back();
  order.call.method = method;
  order.call.url = parse_url("https://shop.example/x?y=1").value();
  order.call.body = body;
  order.call.headers = std::move(headers);
  order.is_head = method == "HEAD";
  order.max_body_bytes = limits.body_bytes;
  session.begin(order);
  return order;
}

std::string Multiplexing::said() {
  std::string out, part;
  do {
    part.clear();
    session.gather(part, 64 * 1024);
    out += part;
  } while (!part.empty());
  return out;
}

Fields Multiplexing::asked() {
  auto sent = said();
  sent.erase(0, 24); // the preface
  while (const auto frame = take_frame(sent))
    if (frame->type == frame::headers) return FieldReader().read(frame->payload);
  return {};
}

} // namespace plugboard::http
