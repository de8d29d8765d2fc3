// How word from any thread reaches a home's thread. Shared with plugin threads, so it owns no Asio object: it holds a
// pointer that close() clears under the mutex, and is harmless after that.
#pragma once

#include "core/connector/alarm.hpp"
#include "core/connector/errand.hpp"
#include "core/connector/exchange.hpp"
#include "core/connector/reply.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <variant>
#include <vector>

namespace plugboard::connector {

struct Arrived { // a call was completed
  Connector::CallId call = 0;
  Reply reply;
};

struct Admitted { // a waiting call has a place now
  Connector::CallId call = 0;
};

using Message = std::variant<Arrived, Admitted, std::unique_ptr<Exchange>, std::unique_ptr<Alarm>,
                             std::unique_ptr<Errand>, ErrandOver>;

class Mailbox : public std::enable_shared_from_this<Mailbox> {
 public:
  class Receiver {
   public:
    virtual ~Receiver() = default;
    virtual void receive(Message message) = 0; // [the home's thread]
  };

  Mailbox(boost::asio::io_context& io, Receiver& receiver) : io_(&io), receiver_(&receiver) {}

  // [any thread] False: closed; the message is still the caller's.
  bool send(Message&& message);

  // While it lives, what this thread sends needs no lock and waits for deliver(): a plugin is being called, and what it
  // answers at once must not be acted upon under its feet. [the home's thread]
  class Visit {
   public:
    explicit Visit(Mailbox& mailbox)
        : mailbox_(mailbox), before_(mailbox.visitor_.exchange(std::this_thread::get_id())) {}

    ~Visit() { mailbox_.visitor_ = before_; }

    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Mailbox& mailbox_;
    const std::thread::id before_;
  };

  // [the home's thread] Hands over what was sent during visits; inside one, nothing happens yet.
  void deliver();

  // [any thread] No more messages. Those that were sent before are still there for the receiver's last look, finish().
  void close();
  void finish(); // [the home's thread, after close()] hands over what is left, then forgets the receiver

 private:
  void fetch(); // what other threads sent
  void hand_over(std::vector<Message>& messages);

  std::mutex mutex_;
  boost::asio::io_context* io_; // null: closed
  std::vector<Message> sent_;
  std::atomic<std::thread::id> visitor_{};
  std::atomic<bool> closed_ = false;

  Receiver* receiver_; // [the home's thread], as what follows
  std::vector<Message> local_, spare_;
};

} // namespace plugboard::connector
