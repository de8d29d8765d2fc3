#include "core/http/pool.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::http {

Pool::Pool(Origin origin, const Limits& limits, const Line::Surroundings& surroundings, Finished finished)
    : origin_(std::move(origin)), limits_(limits), surroundings_(surroundings), finished_(std::move(finished)) {}

Pool::~Pool() {
  for (const auto& [address, line] : lines_) line->close();
}

bool Pool::take(Order& order) {
  if (const auto line = good_idle_line()) {
    put_on(line, order);
  } else if (lines_.size() < limits_.connections) {
    dial(order);
  } else if (waiting_.size() < limits_.waiting) {
    waiting_.push_back(&order);
  } else {
    return false;
  }
  order.pool = this;
  return true;
}

std::shared_ptr<Line> Pool::good_idle_line() {
  while (!idle_.empty()) {
    auto line = std::move(idle_.back());
    idle_.pop_back();
    if (line->still_good()) return line;
    discard(*line);
  }
  return nullptr;
}

void Pool::dial(Order& order) {
  auto line = std::make_shared<Line>(surroundings_, origin_, *this);
  lines_.emplace(line.get(), line);
  order.line = line;
  line->dial(order);
}

void Pool::put_on(const std::shared_ptr<Line>& line, Order& order) {
  order.line = line;
  line->carry(order);
}

void Pool::discard(Line& line) {
  line.close();
  lines_.erase(&line);
}

void Pool::ended(Line& line, Order& order, Line::Ending ending) {
  const auto kept = std::exchange(order.line, nullptr);
  if (!line.usable()) discard(line);
  if (ending.untouched && order.idempotent && !order.sent_again) {
    order.sent_again = true;
    return dial(order);
  }
  if (line.usable())
    serve_next(kept);
  else
    serve_next_anew();
  finished_(order, std::move(ending.result));
}

void Pool::serve_next(const std::shared_ptr<Line>& line) {
  if (!waiting_.empty() && line->still_good()) {
    auto& next = *waiting_.front();
    waiting_.pop_front();
    return put_on(line, next);
  }
  if (!waiting_.empty() || idle_.size() >= limits_.idle) {
    discard(*line);
    return serve_next_anew();
  }
  idle_.push_back(line);
}

void Pool::serve_next_anew() {
  if (waiting_.empty() || lines_.size() >= limits_.connections) return;
  auto& next = *waiting_.front();
  waiting_.pop_front();
  dial(next);
}

void Pool::died(Line& line) {
  const auto found =
      std::find_if(idle_.begin(), idle_.end(), [&](const std::shared_ptr<Line>& idle) { return idle.get() == &line; });
  if (found != idle_.end()) idle_.erase(found);
  discard(line);
}

void Pool::give_up(Order& order) {
  if (const auto line = std::exchange(order.line, nullptr)) {
    discard(*line);
    serve_next_anew();
  } else {
    waiting_.erase(std::remove(waiting_.begin(), waiting_.end(), &order), waiting_.end());
  }
}

void Pool::close_idle(Instant since) {
  const auto kept = std::find_if(idle_.begin(), idle_.end(),
                                 [&](const std::shared_ptr<Line>& line) { return line->idle_since() >= since; });
  for (auto line = idle_.begin(); line != kept; ++line) discard(**line);
  idle_.erase(idle_.begin(), kept);
}

} // namespace plugboard::http
