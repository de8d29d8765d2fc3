#include "core/api/admission.hpp"

#include <algorithm>
#include <cmath>

namespace plugboard::api {

namespace {

constexpr std::chrono::milliseconds kRound{100}, kLook{10};
constexpr std::chrono::seconds kSlowest{1}; // of answers, that is reckoned with
constexpr double kLess = 0.93;
constexpr std::size_t kFastest = 6; // percent at once
constexpr std::size_t kShare = 8;   // times what is free
constexpr std::size_t kSpare = 2;   // part of the room, beside it, for who has no more than its share
constexpr std::size_t kRemembered = 64;
constexpr double kGreedy = 1.5; // times what each asks for on average
constexpr double kFlood = 1.2;  // times all that is answered
constexpr double kLessBeside = 0.5;
constexpr std::size_t kMoreBeside = 3; // percent at once
constexpr std::chrono::duration<double> kOfLate{1};
constexpr int kGuarded = 5;    // part of the queue's limit that who is greedy may find
constexpr int kUnnoticed = 15; // and that everybody may on average, beside it
constexpr int kOutOfHand = 3;  // times the queue's limit, for who has more than his share
constexpr int kHopeless = 7;   // for everybody, once the queue stands

double part_of_room(Criticality criticality) {
  switch (criticality) {
  case Criticality::interactive:
    return 1;
  case Criticality::background:
    return 0.75;
  case Criticality::bulk:
    return 0.5;
  }
  return 1;
}

} // namespace

Criticality criticality_named(std::string_view name) {
  if (name == "background") return Criticality::background;
  return name == "bulk" ? Criticality::bulk : Criticality::interactive;
}

Admission::Place::Place(std::shared_ptr<Count> of_client, std::shared_ptr<Count> of_all)
    : of_client_(std::move(of_client)), of_all_(std::move(of_all)) {
  ++of_client_->under_way;
  ++of_all_->under_way;
}

Admission::Place::~Place() {
  --of_client_->under_way;
  --of_all_->under_way;
  ++of_all_->over;
}

Admission::Admission(AdmissionLimits limits) : limits_(limits), room_(limits.most), beside_(limits.most) {}

Admitted Admission::enter(const session::Client& client, Duration waited, Instant now, PlacePtr& place) {
  watch(waited, now);
  auto& guest = guest_of(client);
  ++guest.asked;
  ++guest.excess;
  const auto claim = claim_of(guest);
  if (!has_room(guest, claim, waited))
    return claim != Claim::within_share && active_ > 1 ? Admitted::not_this_client : Admitted::not_now;
  place = std::make_shared<const Place>(guest.count, all_);
  peak_ = std::max<std::size_t>(peak_, all_->under_way);
  ++entered_;
  return Admitted::yes;
}

// By what it asks for as well as by what it has: who is held to its share has no more than others at times. Who asks
// for most is not greedy as long as it can be answered; nor is anybody in a crowd of equals.
Admission::Claim Admission::claim_of(const Guest& guest) const {
  const std::size_t own = guest.count->under_way, share = share_of_each();
  const bool is_greedy =
      active_ > 1 && guest.asked > kGreedy * asked_each_ && guest.excess > static_cast<double>(limits_.few);
  if (is_greedy && own >= std::max<std::size_t>(1, share / 2)) return Claim::greedy;
  return own >= share && guest.asked >= asked_each_ ? Claim::beyond_share : Claim::within_share;
}

bool Admission::has_room(const Guest& guest, Claim claim, Duration waited) {
  const std::size_t all = all_->under_way, own = guest.count->under_way;
  const bool is_greedy = claim == Claim::greedy;
  if (all < limits_.least) return true;
  if (!is_greedy && all < limits_.few && waited <= kHopeless * limits_.queue) return true;
  if (waited > patience(claim)) return false;
  if (claim == Claim::within_share) return all < room_ + room_ / kSpare;
  if (is_greedy && own >= std::max(share_of_each(), beside_)) {
    is_beside_full_ = true;
    return false;
  }
  return all < room_ && own <= kShare * (room_ - all);
}

Admitted Admission::stay(Criticality criticality, Duration waited) {
  const auto part = part_of_room(criticality);
  const auto others = all_->under_way - 1; // it has a place itself
  if (others >= least_beside(part) && criticality != Criticality::interactive) {
    const auto patience = criticality == Criticality::bulk ? limits_.queue : 2 * limits_.queue;
    if (waited > patience || static_cast<double>(others) >= part * static_cast<double>(room_)) return Admitted::not_now;
  }
  widest_ = std::max(widest_, part);
  return Admitted::yes;
}

// What nobody waits for is let in beside others of little only while no queue stands: beside one at a time.
std::size_t Admission::least_beside(double part) const {
  return stands_ ? 1 : static_cast<std::size_t>(part * static_cast<double>(limits_.least));
}

Duration Admission::patience(Claim claim) const {
  switch (claim) {
  case Claim::within_share:
    return stands_ ? kHopeless * limits_.queue : Duration::max();
  case Claim::beyond_share:
    return stands_ ? limits_.queue : kOutOfHand * limits_.queue;
  case Claim::greedy:
    break;
  }
  return limits_.queue / kGuarded;
}

Admission::Guest& Admission::guest_of(const session::Client& client) {
  auto& guest = guests_[client.use.get()]; // clients without one share theirs
  if (!guest.count) guest = {client.use, std::make_shared<Count>()};
  return guest;
}

void Admission::watch(Duration waited, Instant now) {
  shortest_ = std::min(shortest_, waited);
  waits_ += waited;
  ++asked_;
  if (now - looked_ >= kLook) look_around(now);
  if (now - round_began_ >= kRound) end_round(now);
}

// Who has something under way, and what they ask for. Who has nothing any more soon will have; a crowd of them is
// forgotten.
void Admission::look_around(Instant now) {
  const auto passed = std::chrono::duration<double>(now - looked_) / kOfLate, left = std::exp(-passed);
  looked_ = now;
  answered_of_late_ = left * answered_of_late_ + static_cast<double>(all_->over.exchange(0));
  const auto most_excess = 2 * static_cast<double>(limits_.few); // so that it ends soon after the flood
  double asked = 0;
  active_ = heaviest_ = 0;
  for (auto& [use, guest] : guests_) {
    guest.asked *= left;
    guest.excess = std::clamp(guest.excess - kFlood * answered_of_late_ * passed, 0.0, most_excess);
    const std::size_t own = guest.count->under_way;
    if (own == 0) continue;
    ++active_;
    asked += guest.asked;
    heaviest_ = std::max(heaviest_, own);
  }
  const auto gone = guests_.size() - active_;
  active_ = std::max<std::size_t>(1, active_);
  asked_each_ = asked / static_cast<double>(active_);
  const auto is_gone = [](const auto& each) { return each.second.count->under_way == 0; };
  if (gone > kRemembered) std::erase_if(guests_, is_gone);
}

void Admission::end_round(Instant now) {
  stands_ = shortest_ > limits_.queue;
  shortest_ = Duration::max();
  round_began_ = now;
  if (now - adapted_ >= time_under_way(now)) adapt(now);
}

// How long one is under way, by Little's law.
Duration Admission::time_under_way(Instant now) const {
  const auto all = static_cast<double>(all_->under_way),
             entered = static_cast<double>(std::max<std::size_t>(1, entered_));
  const auto estimate = all / entered * static_cast<double>((now - adapted_).count());
  return std::min<Duration>(kSlowest, Duration(static_cast<Duration::rep>(std::min(estimate, 1e18))));
}

// Not sooner than what was let in before can have shown what it does.
void Admission::adapt(Instant now) {
  adapt_beside();
  if (stands_) {
    const auto filled = static_cast<double>(peak_) / (widest_ > 0 ? widest_ : 1);
    room_ = std::max(limits_.least, static_cast<std::size_t>(kLess * std::min(filled, static_cast<double>(room_))));
    growth_ = 1;
  } else {
    room_ = std::min(limits_.most, room_ + std::max<std::size_t>(1, room_ * growth_ / 100));
    growth_ = std::min(kFastest, 2 * growth_);
  }
  adapted_ = now;
  peak_ = all_->under_way;
  entered_ = 0;
  widest_ = 0;
}

// Not while nobody fills it: what is never tried may not be found to be too much.
void Admission::adapt_beside() {
  const bool wait = asked_ > 0 && waits_ / static_cast<Duration::rep>(asked_) > limits_.queue / kUnnoticed;
  if (wait && active_ > 1)
    beside_ = std::max<std::size_t>(
        1, static_cast<std::size_t>(kLessBeside * static_cast<double>(std::min(beside_, heaviest_))));
  else if (!wait && is_beside_full_)
    beside_ = std::min(limits_.most, beside_ + std::max<std::size_t>(1, beside_ * kMoreBeside / 100));
  waits_ = {};
  asked_ = 0;
  is_beside_full_ = false;
}

} // namespace plugboard::api
