// The agents of a soak: they ask for contexts, start and revoke sessions, and now and then do what clients should not.
// Whatever the hub answers is held against what it may say. [one thread]
#pragma once

#include "tests/bench/load.hpp"

#include <map>
#include <memory>
#include <random>
#include <unordered_map>
#include <utility>

namespace plugboard::bench {

struct SoakPlan {
  std::vector<std::string> sections;     // every context asks for these
  std::vector<std::string> bad_sections; // of plugins that misbehave: one in a hundred asks for one, too
  std::string key;                       // of the client
  double chaos = 0.01;                   // part of the requests that are not simply contexts
  std::uint64_t seed = 1;
};

class Customers final : public Caller {
 public:
  explicit Customers(SoakPlan plan) : plan_(std::move(plan)), random_(plan_.seed) {}

  Latencies take_latencies() { return std::exchange(latencies_, {}); }

  const std::map<std::string, std::uint64_t>& counts() const { return counts_; }

  const std::vector<std::string>& faults() const { return faults_; } // the first twenty

 private:
  struct Session {
    std::size_t customer = 0;
    std::string token;
    bool mortal = false; // it ends by itself within seconds, and is asked for nevertheless
    Nanoseconds started{};
    bool revoking = false;
    Nanoseconds revoked{}; // acknowledged then; zero: not yet
  };

  struct Asked {
    enum class Kind : std::uint8_t { context = 1, start, revoke, garbage } kind;
    std::shared_ptr<Session> session; // start: to be
    Nanoseconds sent{};
  };

  Ask next() override;
  void answered(std::uint64_t tag, const Message& answer, Nanoseconds took) override;
  void unanswered(std::uint64_t tag) override;

  void retire_old();
  Ask start_session(bool mortal);
  Ask revoke(std::shared_ptr<Session> session);
  Ask context(std::shared_ptr<Session> session, Ask::Manner manner, bool with_bad);
  Ask garbage();
  Ask asked(Asked::Kind kind, std::shared_ptr<Session> session, std::string bytes,
            Ask::Manner manner = Ask::Manner::patient);
  std::shared_ptr<Session> any_of(const std::vector<std::shared_ptr<Session>>& sessions);
  bool now_and_then(double part);

  void session_answered(const Asked& asked, const Message& answer);
  void context_answered(const Asked& asked, const Message& answer);
  void hold_section(const Session& session, const std::string& name, const std::string& section);
  void fault(const std::string& what);

  const SoakPlan plan_;
  std::mt19937_64 random_;
  std::vector<std::shared_ptr<Session>> alive_, mortal_, dead_; // alive: in the order in which they started
  std::unordered_map<std::uint64_t, Asked> under_way_;
  std::uint64_t last_tag_ = 0;
  std::size_t last_customer_ = 0;
  Latencies latencies_;
  std::map<std::string, std::uint64_t> counts_;
  std::vector<std::string> faults_;
};

} // namespace plugboard::bench
