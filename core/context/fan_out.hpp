// Drives one gather: carries its actions out on connectors and a timer, feeds it what comes back. Thin; whatever needs
// thought is in gather. Owned by its request through shared_ptr and by the handlers it waits in. [the home's thread]
#pragma once

#include "core/connector/connector.hpp"
#include "core/context/gather.hpp"
#include "core/context/request.hpp"

#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>

namespace plugboard::context {

struct Gathered {
  std::vector<SectionResult> results; // declared order
  std::vector<Conflict> conflicts;
};

class FanOut : public std::enable_shared_from_this<FanOut> {
 public:
  // connectors: by CatalogSection::connector; they and the home outlive the fan-out.
  FanOut(std::shared_ptr<const Catalog> catalog, std::vector<connector::Connector*> connectors, Request request,
         connector::Home& home);

  void start(std::function<void(Gathered)> done); // done runs once, unless cancelled; perhaps before start returns
  void cancel();                                  // done will not run

 private:
  template <class Event>
  void happen(Event&& event); // what the gather makes of it is carried out
  void carry_out();
  void ask(const Action& action);
  void arm(Instant at);
  void finish();

  std::shared_ptr<const Catalog> catalog_;
  std::vector<connector::Connector*> connectors_;
  Request request_;
  connector::Home& home_;
  Gather gather_;
  boost::asio::basic_waitable_timer<std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>,
                                    boost::asio::io_context::executor_type>
      timer_;
  std::vector<Action> actions_;
  std::vector<connector::Connector::CallId> calls_; // by position in the catalog; 0: none under way
  std::function<void(Gathered)> done_;
  bool happening_ = false;
};

} // namespace plugboard::context
