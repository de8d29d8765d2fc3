// One home's calls of one connector, from start to answer: a place at the turnstile, the plugin, the time limit, what
// came back. Owned by the connector; everything here runs on the home's thread, and word from elsewhere
// comes through the mailbox.
#pragma once

#include "core/connector/border.hpp"
#include "core/connector/deadlines.hpp"
#include "core/connector/home_alarms.hpp"
#include "core/connector/home_errands.hpp"
#include "core/connector/home_exchanges.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/plugin_instance.hpp"
#include "core/connector/pool.hpp"
#include "core/connector/tally.hpp"

#include <memory>
#include <unordered_map>
#include <vector>

namespace plugboard::connector {

struct Office { // what the desks of one connector share; outlives them
  const Settings& settings;
  std::vector<std::shared_ptr<const json::Shape>> shapes; // by section
  Border& border;
  HostLog& log;
  Tally& tally;
  PluginInstance* plugin = nullptr; // set before the first call
  Pool* pool = nullptr;             // null: an async plugin, called on the home's thread
  Pool* hints = nullptr;            // where a blocking plugin is told of cancellation: that may block too
};

class Desk final : public Mailbox::Receiver {
 public:
  Desk(Office& office, Home& home, std::size_t index);

  const std::shared_ptr<Mailbox>& mailbox() const { return mailbox_; }

  // 0: its done has run already, or there is nothing to cancel.
  Connector::CallId begin(std::shared_ptr<OpenCall> call, Deadline deadline);
  void cancel(Connector::CallId id);
  void receive(Message message) override;
  // Ends all calls as unavailable, and every later one. After mailbox()->close().
  void close();

  static std::size_t home_of(Connector::CallId id) { return id & 0xff; }

 private:
  using CallPtr = std::shared_ptr<OpenCall>;

  struct Remarks {       // what is said of a reply besides its outcome, for the log
    std::string message; // the plugin's
    std::string why;     // what is wrong with it, if anything
    bool garbage = false;
  };

  CallPtr find(Connector::CallId id) const;
  void start(const CallPtr& call, Instant now);
  void call_here(OpenCall& call, Instant now);
  void call_elsewhere(const CallPtr& call);
  void arrived(Arrived arrived);
  void admitted(Admitted admitted);
  void asked(std::unique_ptr<Exchange> exchange);
  void asked(std::unique_ptr<Alarm> alarm);
  void asked(std::unique_ptr<Errand> errand);
  void time_passed(Connector::CallId id);

  void forget(OpenCall& call);   // it is over, whatever comes
  void withdraw(OpenCall& call); // nobody waits for its answer: give back and cancel what it holds
  void cancel_services(OpenCall& call);
  void judge(OpenCall& call, Reply reply);
  void judge_health(OpenCall& call, Reply reply);
  template <class Done, class Answer>
  void conclude(OpenCall& call, Answer answer, Outcome ok, const Remarks& remarks); // not a lookup
  void settle(OpenCall& call, Outcome& outcome, const Remarks& remarks);            // counts it, explains it to the log
  void finish(OpenCall& call, Outcome outcome);                                     // one without a reply
  void count(const OpenCall& call, Outcome& outcome);
  void explain(const OpenCall& call, const Outcome& outcome, const Remarks& remarks);

  Office& office_;
  Home& home_;
  const std::size_t index_;
  const std::shared_ptr<Mailbox> mailbox_;
  HomeExchanges exchanges_;
  HomeAlarms alarms_;
  HomeErrands errands_;
  std::unique_ptr<Deadlines> deadlines_; // null once closed: a timer must not outlive its io_context
  std::unordered_map<Connector::CallId, CallPtr> calls_;
  std::uint64_t next_ = 1;
  bool closed_ = false;
};

} // namespace plugboard::connector
