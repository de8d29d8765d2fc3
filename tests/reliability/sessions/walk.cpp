#include "tests/reliability/sessions/walk.hpp"

#include "core/session/nist_limits.hpp"

#include <algorithm>

namespace plugboard::test {
namespace {

using namespace std::chrono_literals;

constexpr std::array kLevels{Assurance::aal1, Assurance::aal2, Assurance::aal3};

} // namespace

Walk::Walk(Stage& stage, Showing& showing, std::uint64_t seed, int number)
    : stage_(stage), showing_(showing), picks_(seed), seed_(seed), tenant_("t" + std::to_string(number)) {}

void Walk::say(bool holds, const char* otherwise) {
  if (!holds) showing_.fail(std::string(otherwise) + " (walk of seed " + std::to_string(seed_) + ")");
}

bool Walk::lives(const Record& record) const {
  return !record.dead && stage_.clock.now() < record.ends && stage_.clock.now() - record.used < record.idle;
}

Assurance Walk::assurance_of(const std::vector<Proof>& proofs) const {
  Assurance best = Assurance::none;
  for (const Proof& one : proofs)
    if (stage_.clock.now() < one.ends) best = std::max(best, one.assurance);
  return best;
}

void Walk::keep(std::vector<Proof>& proofs) const {
  proofs.erase(std::remove_if(proofs.begin() + 1, proofs.end(),
                              [&](const Proof& one) { return stage_.clock.now() >= one.ends; }),
               proofs.end());
  if (proofs.size() == 8) proofs.erase(proofs.begin() + 1);
}

void Walk::run(int steps) {
  for (int i = 0; i < steps; ++i) step();
  showing_.count("steps", steps);
}

void Walk::step() {
  const auto kind = below(100);
  if (held_.empty() || kind < 12) return log_in();
  const std::size_t at = below(held_.size());
  if (kind < 36) return look(held_[at]);
  if (kind < 46) return look_elsewhere(held_[at]);
  if (kind < 60) return step_up(at);
  if (kind < 70) return hand_off(at);
  if (kind < 80) return redeem();
  if (kind < 83) return revoke(held_[at]);
  if (kind < 86) return end_some();
  if (kind < 99) return stage_.clock.advance(Duration(1s) * static_cast<std::int64_t>(below(kind < 93 ? 40 : 900)));
  stage_.tend();
}

void Walk::log_in() {
  Record record;
  record.subject = "customer " + std::to_string(below(3));
  const bool asserts = below(5) == 0;
  const Assurance level = asserts ? Assurance::asserted : kLevels[below(kLevels.size())];
  auto proved = asserts ? session::asserted(tenant_, "phone", record.subject, stage_.clock.wall())
                        : stage_.proof(record.subject, level, tenant_);
  if (asserts) record.subject = "asserted:" + record.subject;
  const std::string& to = client();
  const auto created = stage_.log_in(std::move(proved), Holder(to, "of " + to));
  if (!created) return say(false, "a login was refused");
  const auto nist = session::nist_limits(level);
  record.ends = stage_.clock.now() + std::min(stage_.limits.absolute, nist.overall);
  record.idle = std::min(stage_.limits.idle, nist.idle);
  record.used = stage_.clock.now();
  held_.push_back({text_of(created->token), to, records_.size(), {{level, record.ends}}, false, false});
  records_.push_back(std::move(record));
}

void Walk::look(Held& held) {
  const auto found = stage_.find(held.token, held.client, tenant_);
  Record& record = records_[held.record];
  say(found.has_value() == lives(held), found ? "a dead token was taken" : "a live token was refused");
  if (found) {
    const Assurance assurance = (*found)->session.assurance_at(stage_.clock.wall());
    say(assurance <= assurance_of(held.proofs), "a token rose above what was proved for it");
    say(assurance == assurance_of(held.proofs), "a token lost what was proved for it");
    record.used = stage_.clock.now();
  }
  if (held.rotated && lives(record)) showing_.count("families ended");
  if (held.rotated || !lives(record)) record.dead = true; // whoever has an old token may be a thief
}

void Walk::look_elsewhere(const Held& held) {
  for (const std::string& other : clients_) {
    if (other == held.client) continue;
    say(!stage_.find(held.token, other, tenant_), "a token was taken on another channel");
    say(!stage_.revoke(held.token, other, tenant_), "a token was revoked on another channel");
    say(!stage_.step_up(held.token, other, stage_.proof("customer 0", Assurance::aal3, tenant_)),
        "a token was stepped up on another channel");
  }
  say(!stage_.find(held.token, held.client, "another tenant"), "a token was taken in another tenant");
}

void Walk::step_up(std::size_t at) {
  Record& record = records_[held_[at].record];
  const Assurance level = kLevels[below(kLevels.size())];
  const bool wrong = below(5) == 0 || record.subject.starts_with("asserted:");
  const auto created = stage_.step_up(held_[at].token, held_[at].client,
                                      stage_.proof(wrong ? "somebody else" : record.subject, level, tenant_));
  Held& old = held_[at];
  say(created.has_value() == (!wrong && lives(old)),
      created ? "a step-up went through that must not" : "a step-up was refused");
  if (old.rotated) record.dead = true;
  if (!created) return;
  const auto nist = session::nist_limits(level);
  Duration life = std::min({stage_.limits.step_up, nist.overall, record.ends - stage_.clock.now()});
  if (record.idle > nist.idle) life = std::min(life, nist.idle);
  Held young{text_of(created->token), old.client, old.record, old.proofs, false, false};
  keep(young.proofs);
  young.proofs.push_back({level, stage_.clock.now() + life});
  say(young.token != old.token, "a step-up kept its token");
  old.rotated = true;
  record.used = stage_.clock.now();
  held_.push_back(std::move(young));
  showing_.count("step-ups");
}

void Walk::hand_off(std::size_t at) {
  const std::string& to = client();
  const auto code = stage_.hand_off(held_[at].token, held_[at].client, to, tenant_);
  Held& held = held_[at];
  say(code.has_value() == lives(held), code ? "a dead token was handed off" : "a live token was not handed off");
  if (held.rotated) records_[held.record].dead = true;
  if (!code) return;
  codes_.push_back({*code, to, held.record, at, held.proofs, stage_.clock.now() + stage_.limits.handoff, false});
}

void Walk::redeem() {
  if (codes_.empty()) return;
  Code& code = codes_[below(codes_.size())];
  const std::string& by = client();
  const auto created = stage_.redeem(code.code, Holder(by, "of " + by), tenant_);
  const bool good = by == code.to && !code.gone && !held_[code.from].dead && lives(records_[code.record]) &&
                    stage_.clock.now() < code.until;
  say(created.has_value() == good, created ? "a code was taken that must not" : "a good code was refused");
  code.gone |= by == code.to;
  if (!created) return;
  Held young{text_of(created->token), by, code.record, code.proofs, false, false};
  say(created->access->session.assurance_at(stage_.clock.wall()) == assurance_of(young.proofs),
      "a session changed its assurance on its way to another channel");
  records_[code.record].used = stage_.clock.now();
  held_.push_back(std::move(young));
  showing_.count("hand-offs");
}

void Walk::revoke(Held& held) {
  const auto revoked = stage_.revoke(held.token, held.client, tenant_);
  say(revoked.has_value() == lives(held), revoked ? "a dead session was revoked" : "a live session was not revoked");
  if (!held.dead || held.rotated) records_[held.record].dead = true;
}

void Walk::end_some() {
  Revocation revocation;
  revocation.tenant = tenant_;
  const auto kind = below(3);
  if (kind == 0) revocation.client = client();
  if (kind == 1) revocation.channel = "of " + client();
  if (kind == 2) {
    revocation.issuer = "https://shop.example";
    revocation.subject = "customer " + std::to_string(below(3));
  }
  say(stage_.end(revocation).has_value(), "a revocation was refused");
  for (Held& held : held_) {
    if (kind == 0) held.dead |= held.client == revocation.client;
    if (kind == 1) held.dead |= "of " + held.client == revocation.channel;
    if (kind == 2) records_[held.record].dead |= records_[held.record].subject == revocation.subject;
  }
  for (Code& code : codes_)
    code.gone |= (kind == 0 && code.to == revocation.client) || (kind == 1 && "of " + code.to == revocation.channel);
}

} // namespace plugboard::test
