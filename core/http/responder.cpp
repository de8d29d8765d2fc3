#include "core/http/exchange.hpp"

#include <utility>

namespace plugboard::http {

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

Responder::Responder(Responder&&) noexcept = default;

Responder& Responder::operator=(Responder&& other) noexcept {
  Responder old(std::move(*this)); // dropped at the end, if it was never used
  exchange_ = std::move(other.exchange_);
  return *this;
}

Responder::~Responder() {
  if (exchange_) std::exchange(exchange_, nullptr)->drop();
}

void Responder::send(Response response) {
  if (exchange_) std::exchange(exchange_, nullptr)->answer(std::move(response));
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
