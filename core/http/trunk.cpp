#include "core/http/trunk.hpp"

#include "core/base/insist.hpp"
#include "core/http/origin.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace plugboard::http {
namespace {

constexpr std::size_t kBurst = 64 * 1024;                     // bytes in one write
constexpr int kReadsPerTurn = 16;                             // then others have theirs
constexpr Duration kSilence = std::chrono::milliseconds(250); // longer without a frame is worth a question

Multiplex::Limits limits_of(const ClientLimits& limits, std::uint32_t streams_at_first) {
  return {limits.header_bytes, limits.body_bytes, limits.streams_per_connection, streams_at_first};
}

} // namespace

Trunk::Trunk(const Surroundings& surroundings, const Origin& origin, Owner& owner, std::unique_ptr<Transport> transport,
             std::uint32_t streams_at_first)
    : around_(surroundings), origin_(origin), owner_(&owner), transport_(std::move(transport)),
      session_(limits_of(surroundings.limits, streams_at_first)) {}

Trunk::~Trunk() {
  trust_again();
}

void Trunk::begin() {
  idle_since_ = around_.clock.now();
  flush_soon();
  wait_readable();
}

void Trunk::carry(Order& order) {
  order.carrier = this;
  session_.begin(order);
  if (!silent_since_) silent_since_ = around_.clock.now();
  flush_soon();
}

std::size_t Trunk::room() const {
  return takes_orders() ? session_.room() : 0;
}

bool Trunk::takes_orders() const {
  return transport_ && !write_failed_ && !patience_ && session_.takes_orders();
}

bool Trunk::finished() const {
  return !transport_ || (streams() == 0 && !session_.takes_orders());
}

bool Trunk::still_good() {
  const auto heard = session_.frames_heard();
  const bool ended = read().has_value();
  note_signs_of_life(heard);
  return !ended && takes_orders();
}

void Trunk::readable() {
  if (!owner_ || !transport_) return;
  const auto heard = session_.frames_heard();
  auto end = read();
  note_signs_of_life(heard);
  if (end) return die(std::move(*end));
  end_turn();
}

// Why the connection has ended, if it has.
std::optional<Error> Trunk::read() {
  auto& scratch = around_.scratch;
  for (int reads = 0; reads < kReadsPerTurn; ++reads) {
    const auto moved = transport_->read(scratch);
    if (moved.io == Io::wait_read && write_failed_)
      return fail(Code::unreachable, "closed the connection while requests were being sent");
    if (moved.io == Io::wait_read) {
      wait_readable();
      return std::nullopt;
    }
    if (moved.io == Io::wait_write) {
      wait_writable();
      return std::nullopt;
    }
    if (moved.io == Io::ended) return fail(Code::unreachable, "closed the connection");
    if (moved.io == Io::failed)
      return fail(Code::unreachable, "broke the connection off (" + transport_->complaint() + ")");
    session_.receive({scratch.data(), moved.bytes});
    if (session_.broken()) return std::nullopt;
    if (moved.bytes < scratch.size() && !transport_->holds_bytes()) {
      wait_readable();
      return std::nullopt;
    }
  }
  read_soon();
  return std::nullopt;
}

// An error here is not the last word: answers may have come before the peer closed. So the reading side decides.
void Trunk::flush() {
  while (transport_ && !write_failed_) {
    if (out_sent_ == out_.size()) {
      out_.clear();
      out_sent_ = 0;
      session_.gather(out_, kBurst);
      if (out_.empty()) return;
    }
    const auto moved = transport_->write(std::string_view(out_).substr(out_sent_));
    if (moved.io == Io::moved) {
      out_sent_ += moved.bytes;
    } else if (moved.io == Io::wait_write) {
      return wait_writable();
    } else if (moved.io == Io::wait_read) {
      return; // readable() goes on writing
    } else {
      write_failed_ = true;
      read_soon();
    }
  }
}

// This and the waits insist: a trunk that waits for nothing would keep what it carries for ever.
void Trunk::read_soon() {
  insist([this] { boost::asio::post(around_.io, [self = shared_from_this()] { self->readable(); }); });
}

void Trunk::flush_soon() {
  if (std::exchange(flush_posted_, true)) return;
  insist([this] {
    boost::asio::post(around_.io, [self = shared_from_this()] {
      self->flush_posted_ = false;
      if (self->owner_) self->end_turn();
    });
  });
}

void Trunk::end_turn() {
  flush();
  if (session_.broken()) return die(session_.failure());
  if (tell_ended() && streams() == 0) idle_since_ = around_.clock.now();
  owner_->changed(*this);
}

// Whether there were any.
bool Trunk::tell_ended() {
  auto all = session_.take_ended();
  for (auto& [order, ending] : all) {
    if (!ending.result) insist([&, &ended = ending] { ended.result = about(origin_, ended.result.error()); });
    owner_->ended(*order, std::move(ending));
  }
  return !all.empty();
}

void Trunk::die(Error error) {
  trust_again();
  transport_.reset();
  insist([&] { session_.lost(error); }); // else nobody would tell those that are left
  tell_ended();
  owner_->changed(*this);
}

void Trunk::give_up(Order& order) {
  order.carrier = nullptr;
  session_.give_up(order);
  if (streams() == 0) idle_since_ = around_.clock.now();
  if (silent_since_ && around_.clock.now() - *silent_since_ >= kSilence) ask_for_a_sign_of_life();
  flush_soon();
  owner_->changed(*this);
}

void Trunk::note_signs_of_life(std::uint64_t heard_before) {
  if (session_.frames_heard() == heard_before) return;
  trust_again();
  silent_since_.reset();
  if (streams() > 0) silent_since_ = around_.clock.now();
}

void Trunk::ask_for_a_sign_of_life() {
  if (patience_ || !transport_) return;
  session_.ping();
  patience_ = around_.timers.set(around_.clock.now() + around_.limits.connect_time, [this] {
    const auto self = shared_from_this();
    patience_.reset();
    if (owner_) die(fail(Code::unreachable, "has fallen silent: it does not even answer a ping"));
  });
}

void Trunk::trust_again() {
  if (patience_) around_.timers.clear(*std::exchange(patience_, std::nullopt));
}

void Trunk::wait_readable() {
  if (std::exchange(waiting_readable_, true)) return;
  insist([this] {
    transport_->socket().when_readable([self = shared_from_this()](const boost::system::error_code& error) {
      self->waiting_readable_ = false;
      if (!error) self->readable();
    });
  });
}

void Trunk::wait_writable() {
  if (std::exchange(waiting_writable_, true)) return;
  insist([this] {
    transport_->socket().when_writable([self = shared_from_this()](const boost::system::error_code& error) {
      self->waiting_writable_ = false;
      if (!error) self->readable();
    });
  });
}

void Trunk::close() {
  owner_ = nullptr;
  trust_again();
  if (!transport_) return;
  session_.farewell();
  flush();
  transport_.reset();
}

} // namespace plugboard::http
