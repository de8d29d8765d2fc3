// Asks a connector now and then how it is, never twice at once, and remembers what it said: for operators, and for
// nothing else. One a connector that runs, on one of its homes. [the home's thread, but for now()]
#pragma once

#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/random.hpp"
#include "core/connector/connector.hpp"
#include "core/connector/level.hpp"

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace plugboard::connector {

class HealthWatch final : public std::enable_shared_from_this<HealthWatch> {
 public:
  // All of it outlives close().
  HealthWatch(Connector& of, Home& home, Random& random, Log& log, Metrics& metrics);

  void begin(); // [any thread]
  void close(); // [not an I/O thread] asks no more; what it asked is forgotten

  Health now() const; // [any thread]

 private:
  void ask_after(Duration pause);
  void ask();
  void answered(const HealthAnswer& answer);
  void became(Condition condition, std::string message);

  Connector& of_;
  Home& home_;
  Random& random_;
  Log& log_;
  Metrics& metrics_;
  const Duration every_;
  std::unique_ptr<boost::asio::steady_timer> timer_; // null once closed: it must not outlive its io_context
  std::optional<Level> shown_;                       // once it has said something
  bool closed_ = false;

  mutable std::mutex mutex_;
  Health health_;
};

} // namespace plugboard::connector
