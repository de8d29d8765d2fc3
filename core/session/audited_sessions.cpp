#include "core/session/audited_sessions.hpp"

#include <utility>

namespace plugboard::session {
namespace {

class AuditedSessions final : public Sessions {
 public:
  AuditedSessions(std::unique_ptr<Sessions> sessions, audit::Trail& trail, const Clock& clock)
      : sessions_(std::move(sessions)), trail_(trail), clock_(clock) {}

  void create(Proved proved, Holder holder, store::Poster back, std::function<void(Result<Created>)> done) override {
    if (!trail_.takes()) return refuse(back, std::move(done)); // nothing is stored that could not be handed out
    auto recorded = on_record("session.create", holder.client, back, std::move(done));
    sessions_->create(std::move(proved), std::move(holder), std::move(back), std::move(recorded));
  }

  void find(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
            std::function<void(Result<AccessPtr>)> done) override {
    sessions_->find(token, tenant, client, std::move(back), std::move(done));
  }

  std::vector<KeyedHash> hashes_of(std::string_view token) const override { return sessions_->hashes_of(token); }

  void step_up(std::vector<KeyedHash> token, std::string client, Proved proved, store::Poster back,
               std::function<void(Result<Created>)> done) override {
    if (!trail_.takes()) return refuse(back, std::move(done)); // nothing is stored that could not be handed out
    auto recorded = on_record("session.step_up", client, back, std::move(done));
    sessions_->step_up(std::move(token), std::move(client), std::move(proved), std::move(back), std::move(recorded));
  }

  void handoff(std::string_view token, std::string_view tenant, std::string_view client, std::string to,
               store::Poster back, std::function<void(Result<HandedOff>)> done) override {
    if (!trail_.takes()) return refuse(back, std::move(done)); // nothing is stored that could not be handed out
    with_session(token, tenant, client, back, std::move(done),
                 [this, to = std::move(to), back](const Asked& asked, auto tell) {
                   sessions_->handoff(asked.token.reveal(), asked.tenant, asked.client, to, back,
                                      recorded<HandedOff>("session.handoff", asked, to, back, std::move(tell)));
                 });
  }

  void redeem(std::string_view code, std::string_view tenant, Holder holder, store::Poster back,
              std::function<void(Result<Created>)> done) override {
    if (!trail_.takes()) return refuse(back, std::move(done)); // nothing is stored that could not be handed out
    auto recorded = on_record("session.redeem", holder.client, back, std::move(done));
    sessions_->redeem(code, tenant, std::move(holder), std::move(back), std::move(recorded));
  }

  void revoke(std::string_view token, std::string_view tenant, std::string_view client, store::Poster back,
              std::function<void(Result<void>)> done) override {
    with_session(token, tenant, client, back, std::move(done), [this, back](const Asked& asked, auto tell) {
      sessions_->revoke(asked.token.reveal(), asked.tenant, asked.client, back,
                        recorded<void>("session.revoke", asked, {}, back, std::move(tell)));
    });
  }

  void end(Revocation revocation, store::Poster back, std::function<void(Result<void>)> done) override {
    sessions_->end(std::move(revocation), std::move(back), std::move(done));
  }

  void list(ListAsk ask, store::Poster back, std::function<void(Result<std::vector<Listed>>)> done) override {
    sessions_->list(std::move(ask), std::move(back), std::move(done));
  }

  bool alive(const Access& access) const override { return sessions_->alive(access); }

  Watch watch(AccessPtr access, store::Poster back, std::function<void()> ended) override {
    return sessions_->watch(std::move(access), std::move(back), std::move(ended));
  }

  bool remembers(std::string_view token, std::string_view tenant, std::string_view client) const override {
    return sessions_->remembers(token, tenant, client);
  }

  bool stores() const override { return sessions_->stores(); }

  void tend() override { sessions_->tend(); }

 private:
  struct Asked { // whose session it is about, and by which token
    Secret token;
    std::string tenant, client;
    AccessPtr access;
  };

  static audit::Change about(const Session& session, std::string_view action, std::string_view by) {
    audit::Change change;
    change.action = action;
    change.by = by;
    change.tenant = session.tenant;
    change.customer = session.customer;
    change.session = session.id;
    return change;
  }

  template <class T>
  static void refuse(const store::Poster& back, std::function<void(Result<T>)> done) {
    auto tell = [done = std::move(done)] { done(fail(Code::unavailable, "the audit trail fails", "audit")); };
    back ? back(std::move(tell)) : tell();
  }

  // A new token: until it is on record, nobody knows it.
  std::function<void(Result<Created>)> on_record(std::string_view action, const std::string& client, store::Poster back,
                                                 std::function<void(Result<Created>)> done) {
    return
        [this, action, by = "client " + client, back = std::move(back), done = std::move(done)](Result<Created> made) {
          if (!made) return done(made.error());
          auto created = std::make_shared<Created>(std::move(*made));
          const auto& session = created->access->session;
          auto change = about(session, action, by);
          change.details = {{"assurance", name_of(session.assurance_at(clock_.wall()))}};
          trail_.change(change, back, [created, done](const Result<audit::Receipt>& kept) {
            if (!kept) return done(kept.error());
            done(std::move(*created));
          });
        };
  }

  // Finds the session first, for its record says whose it is.
  template <class Done, class Then>
  void with_session(std::string_view token, std::string_view tenant, std::string_view client, const store::Poster& back,
                    Done done, Then then) {
    auto asked =
        std::make_shared<Asked>(Asked{Secret(std::string(token)), std::string(tenant), std::string(client), {}});
    sessions_->find(token, tenant, client, back,
                    [asked, done = std::move(done), then = std::move(then)](Result<AccessPtr> found) {
                      if (!found) return done(found.error());
                      asked->access = std::move(*found);
                      then(*asked, done);
                    });
  }

  // What it gave is told when it is on record.
  template <class T>
  std::function<void(Result<T>)> recorded(std::string_view action, const Asked& asked, std::string target,
                                          store::Poster back, std::function<void(Result<T>)> done) {
    return [this, action, access = asked.access, by = "client " + asked.client, target = std::move(target),
            back = std::move(back), done = std::move(done)](Result<T> outcome) {
      if (!outcome) return done(outcome.error());
      auto change = about(access->session, action, by);
      change.target = target;
      auto given = std::make_shared<Result<T>>(std::move(outcome));
      trail_.change(change, back, [given, done](const Result<audit::Receipt>& kept) {
        if (!kept) return done(kept.error());
        done(std::move(*given));
      });
    };
  }

  std::unique_ptr<Sessions> sessions_;
  audit::Trail& trail_;
  const Clock& clock_;
};

} // namespace

std::unique_ptr<Sessions> audited(std::unique_ptr<Sessions> sessions, audit::Trail& trail, const Clock& clock) {
  return std::make_unique<AuditedSessions>(std::move(sessions), trail, clock);
}

} // namespace plugboard::session
