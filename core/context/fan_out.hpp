// Drives one gather: carries its actions out on kept answers, connectors and a timer, feeds it what comes back. Thin;
// whatever needs thought is in gather. Owned by its request through shared_ptr and by the handlers it waits in. [the
// home's thread]
#pragma once

#include "core/context/gather.hpp"
#include "core/context/request.hpp"
#include "core/context/systems.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace plugboard::context {

struct Gathered {
  std::vector<SectionResult> results; // declared order
  std::vector<Conflict> conflicts;
};

class FanOut final : public Asker, public std::enable_shared_from_this<FanOut> {
 public:
  // The home outlives the fan-out.
  FanOut(std::shared_ptr<const Catalog> catalog, SystemsPtr systems, Request request, connector::Home& home);

  void start(std::function<void(Gathered)> done); // done runs once, unless cancelled; perhaps before start returns
  void cancel();                                  // done will not run

  const Request& asked_for() const override { return request_; }

  connector::CallerPtr caller() const override { return caller_; }

  void answered(std::size_t section, connector::Outcome outcome) override;

 private:
  struct Pending {                         // of one section
    connector::Connector::CallId call = 0; // its own
    FlightPtr flight;                      // or one that it waits for
    std::optional<KeptAnswer> fallback;    // to be given should that fail
    Instant fallback_until{};
    const std::string* params = nullptr; // null: it was not asked for by name, so there are none
  };

  template <class Event>
  void happen(Event&& event); // what the gather makes of it is carried out
  void carry_out();
  void ask(Action& action);
  void call(Action& action, std::string params);
  void give_up(std::size_t section);
  connector::Outcome or_stale(Pending& pending, connector::Outcome outcome);
  void arm(Instant at);
  void finish();

  std::shared_ptr<const Catalog> catalog_;
  SystemsPtr systems_;
  Request request_;
  const connector::CallerPtr caller_;
  connector::Home& home_;
  Gather gather_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_;
  std::vector<Action> actions_;
  std::vector<Pending> pending_; // by position in the catalog
  CustomerMark customer_;
  std::function<void(Gathered)> done_;
  bool happening_ = false;
};

} // namespace plugboard::context
