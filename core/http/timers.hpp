// All the deadlines of one owner behind a single timer of Asio's: setting and clearing one is a step in a tree, and no
// system call. Must be gone before its io_context. [the io_context's thread]
#pragma once

#include "core/base/clock.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace plugboard::http {

class Timers {
 public:
  using Id = std::pair<Instant, std::uint64_t>;

  Timers(boost::asio::io_context& io, const Clock& clock) : clock_(clock), timer_(io) {}

  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  Id set(Instant at, std::function<void()> action); // runs once, from the io_context; it may destroy this object

  void clear(const Id& id) { actions_.erase(id); } // one that is not there: nothing happens

 private:
  void arm();
  void fire();

  const Clock& clock_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_;
  std::map<Id, std::function<void()>> actions_;
  std::uint64_t last_ = 0;
  std::uint64_t arming_ = 0;           // only the latest wait counts
  Instant armed_for_ = Instant::max(); // never later than the earliest action
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

} // namespace plugboard::http
