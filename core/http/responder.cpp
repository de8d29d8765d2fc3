#include "core/http/exchange.hpp"

#include <utility>

namespace plugboard::http {

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

Responder::Responder(Responder&&) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
  Responder old(std::move(*this)); // dropped at the end, if it was never used
  exchange_ = std::move(other.exchange_);
  added_ = std::move(other.added_);
  later_ = std::move(other.later_);
  return *this;
}

Responder::~Responder() {
  if (exchange_) std::exchange(exchange_, nullptr)->drop();
}

void Responder::send(Response response) {
  if (!exchange_) return;
  for (auto& header : added_) response.headers.push_back(std::move(header));
  if (!response.is_even || !later_) return std::exchange(exchange_, nullptr)->answer(std::move(response));
  auto rest = std::make_shared<Responder>(std::exchange(exchange_, nullptr)); // which drops it if it is never run
  later_([rest, response = std::move(response)] { rest->send(response); });
}

void Responder::add(Header header) {
  added_.push_back(std::move(header));
}

void Responder::even_out(std::function<void(std::function<void()>)> later) {
  later_ = std::move(later);
}

void Responder::on_gone(std::function<void()> handler) {
  if (exchange_) exchange_->on_gone(std::move(handler));
}

std::optional<std::string_view> Request::header(std::string_view lower_case_name) const {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name) return value;
  return std::nullopt;
}

} // namespace plugboard::http
