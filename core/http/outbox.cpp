#include "core/http/outbox.hpp"

#include "core/http/line.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace plugboard::http {

constexpr std::size_t kAtOnce = 64; // more do not wait for the turn's end: who came first should not wait for many

Outbox::Outbox(boost::asio::io_context& io) : io_(io) {
  lines_.reserve(kAtOnce);
}

void Outbox::add(std::shared_ptr<Line> line) {
  if (lines_.empty())
    boost::asio::post(io_, [this, alive = std::weak_ptr(alive_)] {
      if (!alive.expired()) write();
    });
  lines_.push_back(std::move(line));
  if (lines_.size() == kAtOnce) write();
}

void Outbox::write() {
  for (const auto& line : lines_) line->write();
  lines_.clear();
}

} // namespace plugboard::http
