#include "core/http/dialling.hpp"

#include <utility>

namespace plugboard::http {

Dialling::Dialling(const Surroundings& surroundings, const Origin& origin, const ReachPtr& reach, Owner& owner)
    : around_(surroundings), origin_(origin), reach_(reach), owner_(&owner) {}

Dialling::~Dialling() {
  close();
}

void Dialling::begin() {
  dial_ = std::make_shared<Dial>(around_, origin_, reach_,
                                 [this](Result<std::unique_ptr<Transport>> result) { done(std::move(result)); });
  dial_->begin();
}

void Dialling::add(Order& order) {
  orders_.push_back(&order);
  order.carrier = this;
}

Order* Dialling::next() {
  if (orders_.empty()) return nullptr;
  auto* order = orders_.front();
  orders_.pop_front();
  order->carrier = nullptr;
  return order;
}

void Dialling::done(Result<std::unique_ptr<Transport>> result) {
  const auto self = shared_from_this();
  dial_.reset();
  if (result) return owner_->connected(*this, std::move(*result));
  while (auto* order = next()) owner_->ended(*order, {result.error()});
  owner_->changed(*this);
}

void Dialling::give_up(Order& order) {
  order.carrier = nullptr;
  std::erase(orders_, &order);
  owner_->changed(*this);
}

void Dialling::close() {
  owner_ = nullptr;
  orders_.clear();
  if (dial_) std::exchange(dial_, nullptr)->abandon();
}

} // namespace plugboard::http
