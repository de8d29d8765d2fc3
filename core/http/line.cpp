#include "core/http/line.hpp"

#include "core/base/insist.hpp"
#include "core/http/call_writer.hpp"
#include "core/http/origin.hpp"
#include "core/http/outbox.hpp"

#include <boost/asio/post.hpp>

#include <array>
#include <utility>

namespace plugboard::http {

constexpr std::string_view kTimeoutAnswer = "HTTP/1.1 408";
constexpr std::size_t kKeptRequest = 64 * 1024; // what a request's buffer may hold on to between two

Line::Line(const Surroundings& surroundings, const Origin& origin, Owner& owner, std::unique_ptr<Transport> transport)
    : around_(surroundings), origin_(origin), host_(host_header(origin)), owner_(&owner),
      transport_(std::move(transport)) {}

void Line::carry(Order& order) {
  order_ = &order;
  order.carrier = this;
  reader_.begin(order.is_head, {around_.limits.header_bytes, order.max_body_bytes});
  write_call(order.call, host_, request_);
  written_ = 0;
  write_failed_ = false;
  around_.outbox.add(shared_from_this());
  wait_readable();
}

void Line::rest() {
  idle_since_ = around_.clock.now();
  wait_readable();
}

// An error here is not the last word: an answer may have come before the upstream closed. So the reading side decides.
void Line::write() {
  while (order_ && transport_ && written_ < request_.size()) {
    const auto moved = transport_->write(std::string_view(request_).substr(written_));
    if (moved.io == Io::moved) {
      written_ += moved.bytes;
    } else if (moved.io == Io::wait_write) {
      return wait_writable();
    } else if (moved.io == Io::wait_read) {
      return; // readable() goes on writing
    } else {
      write_failed_ = true;
      insist([this] { boost::asio::post(around_.io, [self = shared_from_this()] { self->readable(); }); });
      return;
    }
  }
}

void Line::readable() {
  if (!owner_ || !transport_) return;
  if (!order_) return watch_idle();
  if (!write_failed_) write();
  read_answer();
}

void Line::read_answer() {
  auto& scratch = around_.scratch;
  for (;;) {
    const auto moved = transport_->read(scratch);
    if (moved.io == Io::wait_read && write_failed_)
      return failed(fail(Code::unreachable, "closed the connection while the request was being sent"));
    if (moved.io == Io::wait_read) return wait_readable();
    if (moved.io == Io::wait_write) return wait_writable();
    if (moved.io != Io::moved) {
      reader_.end(moved.io == Io::ended);
      if (reader_.state() == AnswerReader::State::complete) {
        transport_.reset();
        return ended({reader_.take_answer()});
      }
      auto failure = reader_.failure();
      if (moved.io == Io::failed) failure.message += " (" + transport_->complaint() + ")";
      return failed(std::move(failure));
    }
    if (!take({scratch.data(), moved.bytes})) return;
    if (moved.bytes < scratch.size() && !transport_->holds_bytes()) return wait_readable();
  }
}

// Whether the answer needs more.
bool Line::take(std::string_view bytes) {
  const auto used = reader_.feed(bytes);
  if (reader_.state() == AnswerReader::State::failed) {
    failed(reader_.failure());
    return false;
  }
  if (reader_.state() != AnswerReader::State::complete) return true;
  // What follows an answer was not asked for; who reuses such a connection gives one customer another's data.
  if (used < bytes.size()) heard_unasked(bytes.substr(used));
  const bool reusable =
      reader_.keep_alive() && used == bytes.size() && written_ == request_.size() && !transport_->holds_bytes();
  if (!reusable) transport_.reset();
  ended({reader_.take_answer()});
  return false;
}

void Line::failed(Error error) {
  transport_.reset();
  const bool untouched = used_before_ && !reader_.begun();
  ended({about(origin_, std::move(error)), untouched ? Again::on_new_connection : Again::no});
}

void Line::ended(Ending ending) {
  auto& order = *std::exchange(order_, nullptr);
  used_before_ = true;
  if (request_.capacity() > kKeptRequest) request_ = {};
  if (transport_) rest();
  owner_->ended(order, std::move(ending));
  owner_->changed(*this);
}

void Line::give_up(Order& order) {
  order.carrier = nullptr;
  order_ = nullptr;
  transport_.reset();
  owner_->changed(*this);
}

bool Line::still_good() {
  std::array<char, kTimeoutAnswer.size()> first{};
  const auto moved = transport_->read(first);
  if (moved.io == Io::moved) heard_unasked({first.data(), moved.bytes});
  return moved.io == Io::wait_read;
}

// A server that is weary of waiting may say so before it closes (RFC 9110, 408): that is no answer of anybody's.
void Line::heard_unasked(std::string_view bytes) {
  const auto said = bytes.substr(0, kTimeoutAnswer.size());
  const bool is_farewell = said.starts_with("HTTP/1.") && said.substr(8) == kTimeoutAnswer.substr(8);
  if (!is_farewell) spoke_unasked_ = true;
}

void Line::watch_idle() {
  if (still_good()) return wait_readable(); // only a TLS ticket
  transport_.reset();
  owner_->changed(*this);
}

void Line::wait_readable() {
  if (std::exchange(waiting_readable_, true)) return;
  insist([this] { // else it would wait for nothing
    transport_->socket().when_readable([self = shared_from_this()](const boost::system::error_code& error) {
      self->waiting_readable_ = false;
      if (!error) self->readable();
    });
  });
}

void Line::wait_writable() {
  if (std::exchange(waiting_writable_, true)) return;
  insist([this] {
    transport_->socket().when_writable([self = shared_from_this()](const boost::system::error_code& error) {
      self->waiting_writable_ = false;
      if (!error) self->readable();
    });
  });
}

void Line::close() {
  owner_ = nullptr;
  order_ = nullptr;
  transport_.reset();
}

} // namespace plugboard::http
