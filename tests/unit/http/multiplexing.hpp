// A Multiplex with a peer made of bytes, and what it told of each order.
#pragma once

#include "core/http/multiplex.hpp"
#include "tests/unit/http/frames.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace plugboard::http {

class Multiplexing {
 public:
  explicit Multiplexing(std::size_t body_bytes = 1 << 20) : limits{8 * 1024, body_bytes, 256, 100} {}

  Order& ask(const std::string& method = "GET", const std::string& body = "", Headers headers = {});

  void hear(std::string_view bytes, bool and_answer = true) { // from the peer, which has heard all
    if (and_answer) said();
    session.receive(bytes);
    if (and_answer) said();
    remember();
  }

  std::string said(); // to the peer, since the last time

  void end() { // the connection
    said();
    session.lost(session.broken() ? session.failure() : fail(Code::unreachable, "closed the connection"));
    remember();
  }

  Fields asked(); // of the first request among what was said

  int times_told(const Order& order) const {
    const auto found = told_.find(&order);
    return found == told_.end() ? 0 : static_cast<int>(found->second.size());
  }

  // As it was told first.
  const Result<Answer>& result_of(const Order& order) const { return told_.at(&order).at(0).result; }

  Again again_of(const Order& order) const { return told_.at(&order).at(0).again; }

  std::string body_of(const Order& order) const {
    if (times_told(order) == 0) return "(not told)";
    return result_of(order) ? result_of(order)->body : "(" + result_of(order).error().message + ")";
  }

  Code code_of(const Order& order) const {
    if (times_told(order) == 0 || result_of(order)) return Code{};
    return result_of(order).error().code;
  }

  const Multiplex::Limits limits;
  Multiplex session{limits};

 private:
  void remember() {
    for (auto& [order, ending] : session.take_ended()) told_[order].push_back(std::move(ending));
  }

  std::deque<Order> orders_;
  std::map<const Order*, std::vector<Ending>> told_;
};

} // namespace plugboard::http
