// The hub's end of the socket to one worker. It reads on one home's thread; any thread writes: what a home's thread
// says in one turn of its loop goes out in one write at the turn's end. Shared with what is posted; after close() it is
// harmless. [as each function says]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/on_exit.hpp"
#include "core/connector/home.hpp"
#include "core/wire/frame.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace plugboard::connector {

class WorkerLink : public std::enable_shared_from_this<WorkerLink> {
 public:
  class Receiver { // [the link's home]
   public:
    virtual ~Receiver() = default;
    virtual void received(const wire::Frame& frame) = 0; // its body lives during it
    virtual void hung_up() = 0;                          // the other end is closed
    virtual void broke_rules(std::string_view how) = 0;
  };

  // home: an index of homes, all of which outlive the link. socket: taken over. receiver: hears nothing after close().
  WorkerLink(const std::vector<Home*>& homes, std::size_t home, int socket, std::size_t most_frame_bytes,
             Receiver& receiver);
  ~WorkerLink();
  WorkerLink(const WorkerLink&) = delete;
  WorkerLink& operator=(const WorkerLink&) = delete;

  void listen(); // [the link's home] once
  void close();  // [the link's home]

  // Hears nothing more for so long, from now on. [the link's home]
  void rest(Duration time) { rest_ = std::max(rest_, time); }

  // Descriptors that came so far; the caller's. None may come later. [the link's home]
  std::vector<int> take_descriptors();

  // [any thread] append(std::string& out) writes whole frames. Nothing once the link is closed.
  template <class F>
  void send(F&& append) {
    if (closed_) return;
    const std::size_t here = index_here();
    if (here == homes_.size()) { // no home's thread
      const std::lock_guard lock(mutex_);
      std::string frames;
      append(frames);
      return write(frames);
    }
    Turn& turn = turns_[here];
    OnExit half_a_frame([&turn, before = turn.said.size()] { turn.said.resize(before); });
    append(turn.said);
    if (!turn.flushes) boost::asio::post(homes_[here]->io, [self = shared_from_this(), here] { self->flush(here); });
    turn.flushes = true;
    half_a_frame.dismiss();
  }

 private:
  struct Turn { // one home's: touched by its thread only
    std::string said;
    bool flushes = false; // posted already
  };

  std::size_t index_here() const; // homes_.size(): none of them
  void flush(std::size_t home);
  void write(std::string_view frames); // under the mutex
  void await_room();
  void room();
  void give_up();
  void await_input();
  void input();
  void go_on();
  long receive(std::span<char> room); // as recvmsg
  bool take_control(void* message);
  void hand_over();

  const std::vector<Home*> homes_;
  const std::size_t home_;
  boost::asio::local::stream_protocol::socket socket_;
  wire::FrameBuffer buffer_;
  Receiver* receiver_; // null: closed
  bool may_get_descriptors_ = true;
  Duration rest_{};                   // before it listens again
  boost::asio::steady_timer resting_; // [the link's home]
  std::vector<int> descriptors_;
  std::vector<Turn> turns_; // by home
  std::atomic<bool> closed_ = false;
  std::mutex mutex_;
  std::string backlog_; // what the socket had no room for
  bool deaf_ = false;   // the worker does not read
};

} // namespace plugboard::connector
