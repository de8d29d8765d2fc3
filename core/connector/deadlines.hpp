// When the calls of one desk must be over: one timer for all of them. Owned by a desk. [the home's thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/connector/connector.hpp"

#include <boost/asio/basic_waitable_timer.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace plugboard::connector {

class Deadlines {
 public:
  // passed() runs for each call whose time has come; it may add and remove.
  Deadlines(boost::asio::io_context& io, const Clock& clock, std::function<void(Connector::CallId)> passed);

  void add(Deadline until, Connector::CallId call);
  void remove(Deadline until, Connector::CallId call);

 private:
  using Timer =
      boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                        boost::asio::io_context::executor_type>;
  void arm();
  void expire();

  const Clock& clock_;
  const std::function<void(Connector::CallId)> passed_;
  std::vector<std::pair<Instant, Connector::CallId>> pending_; // in order
  Instant armed_ = Instant::max();                             // max: not at all
  Timer timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true); // a handler that comes after us finds it gone
};

} // namespace plugboard::connector
