// Random walks over the session machine, against a model that is too small to be wrong: who may be found, with which
// assurance. A seed replays. [one thread]
#pragma once

#include "tests/reliability/promise.hpp"
#include "tests/reliability/sessions/stage.hpp"

namespace plugboard::test {

class Walk {
 public:
  Walk(Stage& stage, Showing& showing, std::uint64_t seed, int number);

  void run(int steps);

 private:
  struct Proof {
    Assurance assurance;
    Instant ends;
  };

  struct Record { // a session
    std::string subject;
    Instant ends, used;
    Duration idle;
    bool dead = false;
  };

  struct Held { // a token
    std::string token, client;
    std::size_t record;
    std::vector<Proof> proofs;
    bool rotated = false, dead = false;
  };

  struct Code {
    std::string code, to;
    std::size_t record, from;
    std::vector<Proof> proofs;
    Instant until;
    bool gone = false;
  };

  std::uint64_t below(std::uint64_t bound) { return picks_.below(bound); }

  const std::string& client() { return clients_[below(clients_.size())]; }

  bool lives(const Record& record) const;

  bool lives(const Held& held) const { return !held.dead && !held.rotated && lives(records_[held.record]); }

  Assurance assurance_of(const std::vector<Proof>& proofs) const;
  void keep(std::vector<Proof>& proofs) const; // those that count

  void step();
  void log_in();
  void look(Held& held);
  void look_elsewhere(const Held& held);
  void step_up(std::size_t at);
  void hand_off(std::size_t at);
  void redeem();
  void revoke(Held& held);
  void end_some();
  void say(bool holds, const char* otherwise);

  Stage& stage_;
  Showing& showing_;
  SeededRandom picks_;
  const std::uint64_t seed_;
  const std::string tenant_; // its own, so that revocations end nothing of another walk's
  const std::vector<std::string> clients_{"desk", "bot", "voice"};
  std::vector<Record> records_;
  std::vector<Held> held_;
  std::vector<Code> codes_;
};

} // namespace plugboard::test
