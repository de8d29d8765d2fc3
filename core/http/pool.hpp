// The connections to one origin, and the orders that wait for one. The last line that became idle is used first, so
// that what a quiet hour does not need dries up. What speaks HTTP/2 would stand here beside it. Owned by the client.
// [the client's thread]
#pragma once

#include "core/http/line.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace plugboard::http {

class Pool final : public Line::Owner {
 public:
  using Finished = std::function<void(Order&, Result<Answer>)>; // runs the order's done: may destroy the pool

  struct Limits {
    std::size_t connections;
    std::size_t waiting;
    std::size_t idle;
  };

  Pool(Origin origin, const Limits& limits, const Line::Surroundings& surroundings, Finished finished);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  bool take(Order& order);        // false: too many wait already
  void give_up(Order& order);     // cancelled, or too late: its connection is closed, never used again
  void close_idle(Instant since); // those idle since before that

  const Origin& origin() const { return origin_; }

  std::size_t idle() const { return idle_.size(); }

  std::size_t open() const { return lines_.size(); }

  bool empty() const { return lines_.empty() && waiting_.empty(); }

 private:
  void ended(Line& line, Order& order, Line::Ending ending) override;
  void died(Line& line) override;

  std::shared_ptr<Line> good_idle_line();
  void dial(Order& order);
  void put_on(const std::shared_ptr<Line>& line, Order& order);
  void serve_next(const std::shared_ptr<Line>& line);
  void serve_next_anew();
  void discard(Line& line);

  const Origin origin_;
  const Limits limits_;
  const Line::Surroundings surroundings_;
  const Finished finished_;
  std::unordered_map<Line*, std::shared_ptr<Line>> lines_; // all
  std::vector<std::shared_ptr<Line>> idle_;                // the latest last
  std::deque<Order*> waiting_;
};

} // namespace plugboard::http
