// One HTTP/1.1 connection to an upstream: one order at a time, from the first byte sent to the last byte of its answer.
// While idle it watches for the upstream's end, and for bytes that nobody asked for, and closes at either. Owned by its
// pool. [the client's thread]
#pragma once

#include "core/http/answer_reader.hpp"
#include "core/http/dial.hpp"
#include "core/http/order.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace plugboard::http {

class Line final : public std::enable_shared_from_this<Line> {
 public:
  struct Ending {
    Result<Answer> result;
    bool untouched = false; // failed on a connection used before, and no byte of an answer had come
  };

  class Owner { // all called from the io_context; the line has let go of the order, and may be destroyed
   public:
    virtual void ended(Line& line, Order& order, Ending ending) = 0; // see usable()
    virtual void died(Line& line) = 0;                               // an idle one

   protected:
    ~Owner() = default;
  };

  struct Surroundings {
    Dial::Surroundings dial;
    std::size_t header_bytes;
    std::vector<char>& scratch; // what is being read right now
  };

  Line(const Surroundings& surroundings, const Origin& origin, Owner& owner);

  void dial(Order& order);  // connect, then carry it
  void carry(Order& order); // when idle
  bool still_good();        // asked just before carry: nothing has come and it has not ended
  void close();             // at once; the owner hears nothing

  bool usable() const { return transport_ != nullptr; }

  Order* order() const { return order_; }

  Instant idle_since() const { return idle_since_; }

 private:
  void begin();
  void write();
  void readable();
  void read_answer();
  bool take(std::string_view bytes);
  void watch_idle();
  void answered();
  void failed(Error error);
  void wait_readable();
  void wait_writable();
  Error about(const Error& error) const;

  Surroundings around_;
  const Origin& origin_; // of the pool
  Owner* owner_;         // null once closed
  std::shared_ptr<Dial> dial_;
  std::unique_ptr<Transport> transport_;
  AnswerReader reader_;
  Order* order_ = nullptr;
  std::size_t written_ = 0;
  bool used_before_ = false;
  bool write_failed_ = false;
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  Instant idle_since_{};
};

} // namespace plugboard::http
