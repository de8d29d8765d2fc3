// A bench to try connectors on: homes with threads of their own, shapes, a log that remembers, and short ways to ask.
#pragma once

#include "core/connector/connector.hpp"
#include "inbox.hpp"
#include "memory_log.hpp"
#include "probe/control.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <gtest/gtest.h>
#include <thread>

namespace plugboard::connector {

// One home and the thread that runs it.
class RunningHome {
 public:
  RunningHome(const Clock& clock, Log& log);
  ~RunningHome();

  // Runs f on the home's thread and waits for it.
  template <class F>
  auto run(F f) {
    std::packaged_task<decltype(f())()> task(std::move(f));
    auto result = task.get_future();
    boost::asio::post(io, [&task] { task(); });
    return result.get();
  }

  void end(); // the thread is joined, the client and the io_context are destroyed

  std::unique_ptr<boost::asio::io_context> owned_io = std::make_unique<boost::asio::io_context>();
  boost::asio::io_context& io = *owned_io;
  std::unique_ptr<http::Resolver> resolver;
  std::unique_ptr<http::Client> client;
  json::Reader reader;
  std::unique_ptr<Home> home;

 private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> busy_;
  std::thread thread_;
};

class Bench : public ::testing::Test {
 public:
  explicit Bench(std::size_t homes = 1);
  void TearDown() override; // stops the connector, while what a test has put behind it is still there

  // Settings of a connector "crm" for a plugin file; sections are the manifest's.
  static Settings settings(const std::string& file);
  Settings
  probe(bool blocking); // of the probe plugin, with sections `any` (record/v1), `contact`, and `score` of inputs
  static std::string bad_plugin(const std::string& name); // path

  Result<std::unique_ptr<Connector>> try_start(Settings settings);
  Connector& start(Settings settings); // kept by the bench as `connector`

  // From the home's thread; done's outcome goes into the inbox, with the id that lookup returned.
  Connector::CallId begin(Inbox<Outcome>& into, std::string_view section, Deadline deadline = Deadline::never(),
                          std::size_t home = 0, LookupRequest request = for_nobody());
  Outcome ask(std::string_view section, Deadline deadline = Deadline::never(), LookupRequest request = for_nobody());
  Authenticated step(AuthenticateRequest request);
  boost::system::result<Proof, Rejected> prove(); // in one step
  Logout log_out(const std::string& credential);
  Subject ask_right(Right right, const std::string& customer, Deadline deadline = Deadline::never());

  Deadline in(Duration left) const { return Deadline::after(clock.now(), left); }

  static LookupRequest for_email(const std::string& address);
  static LookupRequest for_nobody();

  SystemClock clock;
  MemoryLog log;
  Metrics metrics;
  json::Shapes shapes;
  Control control;
  std::vector<std::unique_ptr<RunningHome>> homes;
  std::unique_ptr<Connector> connector;
};

// A reply with everything in its place, for tests that speak the ABI themselves.
plugboard_reply reply_of(std::int32_t status, std::string_view data = {}, std::string_view message = {});
void answer(const plugboard_host* host, plugboard_call* call, std::string_view data);

} // namespace plugboard::connector
