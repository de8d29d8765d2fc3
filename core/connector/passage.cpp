#include "core/connector/passage.hpp"

#include "core/base/insist.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kBuffer = 16 * 1024;
constexpr int kTurns = 32; // then others of this thread have theirs

} // namespace

Passage::Passage(boost::asio::io_context& io, http::Socket near, std::unique_ptr<http::Transport> far,
                 std::function<void()> over)
    : io_(io), near_(std::move(near)), far_(std::move(far)),
      over_(std::move(over)), ways_{Way{*near_, far_->socket(), std::vector<char>(kBuffer)},
                                    Way{far_->socket(), *near_, std::vector<char>(kBuffer)}} {}

void Passage::begin() {
  for (Way& way : ways_)
    if (over_) carry(way);
}

void Passage::carry(Way& way) {
  for (int i = 0; i < kTurns; ++i) {
    switch (turn(way)) {
    case Turn::again:
      continue;
    case Turn::waits:
      return;
    case Turn::over:
      return end_of(way);
    case Turn::broken:
      near_->reset_at_close();
      far_->socket().reset_at_close();
      return finish();
    }
  }
  insist([&] {
    boost::asio::post(io_, [self = shared_from_this(), &way] {
      if (self->over_) self->carry(way);
    });
  });
}

Passage::Turn Passage::turn(Way& way) {
  return way.held.empty() ? read(way) : write(way);
}

// Insists: without this wait the connection would be still for ever, and its place taken.
template <class Wait>
Passage::Turn Passage::wait(Way& way, Wait&& begin) {
  insist([&] {
    begin([self = shared_from_this(), &way](const boost::system::error_code& cancelled) {
      if (!cancelled && self->over_) self->carry(way);
    });
  });
  return Turn::waits;
}

Passage::Turn Passage::read(Way& way) {
  const auto moved = way.from.read(way.buffer);
  switch (moved.io) {
  case http::Io::moved:
    way.held = std::string_view(way.buffer.data(), moved.bytes);
    return Turn::again;
  case http::Io::ended:
    way.to.no_more_writes();
    return Turn::over;
  case http::Io::failed:
    return Turn::broken;
  case http::Io::wait_read:
  case http::Io::wait_write:
    break;
  }
  return wait(way, [&](auto handler) { way.from.when_readable(std::move(handler)); });
}

// Where nobody takes the bytes any more, this way is over; what the other side has said before still gets through.
Passage::Turn Passage::write(Way& way) {
  const auto moved = way.to.write(way.held);
  switch (moved.io) {
  case http::Io::moved:
    way.held.remove_prefix(moved.bytes);
    return Turn::again;
  case http::Io::ended:
  case http::Io::failed:
    return Turn::over;
  case http::Io::wait_read:
  case http::Io::wait_write:
    break;
  }
  return wait(way, [&](auto handler) { way.to.when_writable(std::move(handler)); });
}

void Passage::end_of(Way& way) {
  way.over = true;
  if (ways_[0].over && ways_[1].over) finish();
}

void Passage::finish() {
  const auto self = shared_from_this();
  const auto over = std::exchange(over_, nullptr);
  near_.reset();
  far_.reset();
  over();
}

void Passage::cut() {
  over_ = nullptr;
  if (near_) near_->reset_at_close();
  if (far_) far_->socket().reset_at_close();
  near_.reset();
  far_.reset();
}

} // namespace plugboard::connector
