// Sessions over the store: what is behind sessions.hpp. Its functions lie in stored_*.cpp, by what they are for.
#pragma once

#include "core/session/ground.hpp"

namespace plugboard::session {

struct Minting { // a token on its way: lives from the call until it is answered
  Secret token;
  TokenKey key;
  KeyedHash hash;
  SessionRow row;
  std::optional<Alarm> alarm; // why there is none
};

struct Chore;

class StoredSessions final : public Sessions {
 public:
  explicit StoredSessions(GroundPtr ground) : ground_(std::move(ground)) {}

  ~StoredSessions() override;

  void create(Proved proved, Holder holder, store::Poster back, std::function<void(Result<Created>)> done) override;
  void find(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
            std::function<void(Result<AccessPtr>)> done) override;

  std::vector<KeyedHash> hashes_of(std::string_view token) const override {
    return ground_->keys.candidates(kTokenPurpose, token);
  }

  void step_up(std::vector<KeyedHash> token, std::string client, Proved proved, store::Poster back,
               std::function<void(Result<Created>)> done) override;
  void handoff(std::string_view token, std::string_view tenant, std::string_view client, std::string to,
               store::Poster back, std::function<void(Result<HandedOff>)> done) override;
  void redeem(std::string_view code, std::string_view tenant, Holder holder, store::Poster back,
              std::function<void(Result<Created>)> done) override;
  void revoke(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
              std::function<void(Result<void>)> done) override;
  void end(Revocation revocation, store::Poster back, std::function<void(Result<void>)> done) override;
  void list(ListAsk ask, store::Poster back, std::function<void(Result<std::vector<Listed>>)> done) override;

  bool alive(const Access& access) const override { return ground_->live.alive(access, ground_->now()); }

  Watch watch(AccessPtr access, store::Poster back, std::function<void()> ended) override;

  bool remembers(std::string_view token, std::string_view tenant, std::string_view client) const override;

  bool stores() const override { return ground_->database.writes(); }

  void tend() override;

 private:
  std::shared_ptr<Minting> new_minting(const std::string& tenant, const std::string& client) const;
  std::shared_ptr<Minting> prepare(Proved proved, Holder holder, Moment now) const;

  GroundPtr ground_;
};

// Why this client must not present this token; none: it may, if it is live.
std::optional<Alarm> alarm_for(const SessionRow& row, std::string_view client);

// What a job says of a token's row before it goes on with it. live: it may; else an alarm, or nobody's.
struct Presented {
  bool live = false;
  std::optional<Alarm> alarm;
};

// Sets the row's times on this run's clock when it is live.
Presented judge_presented(Ground& ground, std::optional<SessionRow>& row, std::string_view client);

// Tells of the alarm, and does what it asks for.
void answer_alarm(const GroundPtr& ground, const Alarm& alarm);

} // namespace plugboard::session
