// Who asks and who is asked, for tests of kept and shared answers: two homes on one thread, a fake clock, one system.
#pragma once

#include "core/context/answers.hpp"
#include "tests/unit/context/fake_connector.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace plugboard::context::testing {

inline connector::Outcome failed_with(connector::Status status, connector::Reason reason) {
  connector::Outcome outcome;
  outcome.status = status;
  outcome.reason = reason;
  return outcome;
}

inline connector::Outcome answered_with(std::string data) {
  connector::Outcome outcome;
  outcome.data = std::move(data);
  return outcome;
}

struct Person final : Asker {
  Request request;
  connector::Home* home = nullptr;
  Deadline until = Deadline::never();
  Answers::Found found;
  std::vector<connector::Outcome> answers;

  const Request& asked_for() const override { return request; }

  void answered(std::size_t, connector::Outcome outcome) override { answers.push_back(std::move(outcome)); }
};

struct Answering {
  FakeClock clock;
  std::unique_ptr<Log> log = no_log();
  boost::asio::io_context io_a, io_b;
  std::unique_ptr<http::Resolver> resolver = http::Resolver::make(io_a, clock);
  std::unique_ptr<http::Client> client = http::Client::make(io_a, {}, {}, clock, *log, resolver.get());
  json::Reader reader;
  connector::Home home_a{io_a, *client, *resolver, reader, clock, std::this_thread::get_id()};
  connector::Home home_b{io_b, *client, *resolver, reader, clock, std::this_thread::get_id()};
  std::shared_ptr<FakeConnector> system = std::make_shared<FakeConnector>();
  Metrics metrics;
  SeededRandom random{1};
  std::unique_ptr<Answers> answers = std::make_unique<Answers>(std::size_t{4} << 20, random, metrics);
  KeepingRules rules;
  std::string fingerprint = "as configured";

  Answering() = default;
  Answering(const Answering&) = delete;
  Answering& operator=(const Answering&) = delete;

  ~Answering() { system->land_all(); }

  AnswerSourcePtr source() {
    return answers->source({"crm", "fake", "1.0.0", fingerprint, true, true, {"contact"}, {rules}});
  }

  Deadline in(Duration time) const { return Deadline::after(clock.now(), time); }

  std::shared_ptr<Person> person() { return person(home_a); }

  std::shared_ptr<Person> person(connector::Home& home) {
    auto one = std::make_shared<Person>();
    one->request.tenant = "default";
    one->request.customer = "cus_ada";
    one->request.known = {{"email", "ada@example.com", true, "login"}};
    one->home = &home;
    one->until = in(std::chrono::seconds(1));
    return one;
  }

  void ask(const std::shared_ptr<Person>& who, std::optional<Duration> max_age = std::nullopt,
           const AnswerSourcePtr& of = nullptr) {
    const auto asked = of ? of : source();
    const Question question{.source = asked,
                            .section = 0,
                            .tenant = who->request.tenant,
                            .language = who->request.language,
                            .purpose = who->request.purpose,
                            .actor = who->request.actor,
                            .identifiers = who->request.known};
    who->found = answers->ask(
        question, system, {who, 0, who->home, who->until, answers->mark("default", who->request.customer)}, max_age);
    if (who->found.outcome) who->answers.push_back(*who->found.outcome);
  }

  void leave(const std::shared_ptr<Person>& who) { answers->leave(who->found.flight, *who, 0); }

  void land(connector::Outcome outcome) { system->land(system->asked.back(), std::move(outcome)); }
};

} // namespace plugboard::context::testing
