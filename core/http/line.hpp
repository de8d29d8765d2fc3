// One HTTP/1.1 connection to an upstream: one order at a time, from the first byte sent to the last byte of its answer.
// While idle it watches for the upstream's end, and for bytes that nobody asked for, and closes at either. Owned by its
// pool. [the client's thread]
#pragma once

#include "core/http/answer_reader.hpp"
#include "core/http/carrier.hpp"
#include "core/http/surroundings.hpp"

#include <memory>
#include <string>

namespace plugboard::http {

class Line final : public Carrier, public std::enable_shared_from_this<Line> {
 public:
  Line(const Surroundings& surroundings, const Origin& origin, Owner& owner, std::unique_ptr<Transport> transport);
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void carry(Order& order); // when it carries none; written when the turn is over
  void rest();              // nobody needs it yet
  bool still_good();        // asked just before carry: nothing has come and it has not ended
  void give_up(Order& order) override;
  void close(); // at once; the owner hears nothing

  bool usable() const { return transport_ != nullptr; }

  Instant idle_since() const { return idle_since_; }

  bool spoke_unasked() const { return spoke_unasked_; } // there came more than the answers that were asked for

  void write(); // what is left of its request

 private:
  void readable();
  void read_answer();
  bool take(std::string_view bytes);
  void watch_idle();
  void heard_unasked(std::string_view bytes);
  void failed(Error error);
  void ended(Ending ending);
  void wait_readable();
  void wait_writable();

  Surroundings around_;
  const Origin& origin_;   // of the pool
  const std::string host_; // as its requests name it
  Owner* owner_;           // null once closed
  std::unique_ptr<Transport> transport_;
  AnswerReader reader_;
  Order* order_ = nullptr;
  std::string request_;
  std::size_t written_ = 0;
  bool used_before_ = false;
  bool write_failed_ = false;
  bool spoke_unasked_ = false;
  bool waiting_readable_ = false;
  bool waiting_writable_ = false;
  Instant idle_since_{};
};

} // namespace plugboard::http
