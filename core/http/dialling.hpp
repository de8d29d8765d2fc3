// A connection on its way, and the orders that wait for it: one when it will speak HTTP/1.1, any number when it may
// speak HTTP/2. Owned by its pool. [the client's thread]
#pragma once

#include "core/http/carrier.hpp"
#include "core/http/dial.hpp"

#include <deque>
#include <memory>

namespace plugboard::http {

class Dialling final : public Carrier, public std::enable_shared_from_this<Dialling> {
 public:
  Dialling(const Surroundings& surroundings, const Origin& origin, const ReachPtr& reach, Owner& owner);
  ~Dialling();
  Dialling(const Dialling&) = delete;
  Dialling& operator=(const Dialling&) = delete;

  void begin();
  void add(Order& order);
  Order* next(); // the one that has waited longest; it waits here no more. Null: none is left
  void give_up(Order& order) override;
  void close(); // at once; the owner hears nothing

  std::size_t waiting() const { return orders_.size(); }

  bool failed() const { return dial_ == nullptr; }

 private:
  void done(Result<std::unique_ptr<Transport>> result);

  Surroundings around_;
  const Origin& origin_;  // of the pool
  const ReachPtr& reach_; // of the pool
  Owner* owner_;          // null once closed
  std::shared_ptr<Dial> dial_;
  std::deque<Order*> orders_;
};

} // namespace plugboard::http
