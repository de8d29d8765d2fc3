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
constexpr std::chrono::duration<double> kOfLate{1};
constexpr std::size_t kFloodOf = 2; // part of those who come that is refused, in a flood of them all
constexpr int kUnnoticed = 5;       // part of the queue's limit that everybody may wait on average beside who is greedy
constexpr int kOutOfHand = 3;       // times the queue's limit, for who has more than his share
constexpr int kHopeless = 7;        // for everybody, once the queue stands

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

Admission::Admission(AdmissionLimits limits, std::function<Duration()> ran)
    : limits_(limits), pace_(std::move(ran)), room_(limits.most) {}

Admission::Answer Admission::enter(const session::Client& client, Duration waited, Instant now) {
  watch(waited, now);
  auto& guest = guest_of(client);
  ++guest.asked;
  ++guest.excess;
  const auto claim = claim_of(guest, now);
  if (claim == Claim::greedy) return in_turn(guest, waited, now);
  if (has_room(guest, claim, waited)) return {Admitted::yes, begin(guest)};
  ++round_refused_;
  return {claim != Claim::within_share && active_ > 1 ? Admitted::not_this_client : Admitted::not_now};
}

Admission::PlacePtr Admission::begin(const session::Client& client) {
  return begin(guest_of(client));
}

Admission::PlacePtr Admission::begin(const Guest& guest) {
  auto place = std::make_shared<const Place>(guest.count, all_);
  peak_ = std::max<std::size_t>(peak_, all_->under_way);
  ++entered_;
  return place;
}

// By what it asks for as well as by what it has: who is held to its share has no more than others at times.
Admission::Claim Admission::claim_of(const Guest& guest, Instant now) const {
  if (is_greedy(guest, now)) return Claim::greedy;
  return guest.count->under_way >= share_of_each() && guest.asked >= asked_each_ ? Claim::beyond_share
                                                                                 : Claim::within_share;
}

// Who asks for most is not, as long as it can be answered, or asks for one after the other; nor is anybody in a crowd
// of equals.
bool Admission::is_greedy(const Guest& guest, Instant now) const {
  if (active_ < 2 || guest.asked <= kGreedy * asked_each_) return false;
  const bool more_wait = guest.turn > now; // for their turn
  return more_wait || (guest.excess > static_cast<double>(limits_.least) && guest.count->under_way > 0);
}

bool Admission::has_room(const Guest& guest, Claim claim, Duration waited) const {
  const std::size_t all = all_->under_way, own = guest.count->under_way;
  if (all < limits_.least) return true;
  if (!flooded_ && all < limits_.few && waited <= kHopeless * limits_.queue) return true;
  if (waited > patience(claim)) return false;
  if (claim == Claim::within_share) return all < room_ + room_ / kSpare;
  return all < room_ && own <= kShare * (room_ - all);
}

// One after the other, with the time between them that the others leave.
Admission::Answer Admission::in_turn(Guest& guest, Duration waited, Instant now) {
  const auto turn = std::max(guest.turn, now);
  const auto to_next = pace_.to_next();
  if (waited > patience(Claim::greedy) || all_->under_way >= room_ || turn - now > kHopeless * limits_.queue)
    return {Admitted::not_this_client};
  guest.turn = turn + to_next;
  return turn > now ? Answer{Admitted::later, nullptr, turn} : Answer{Admitted::yes, begin(guest)};
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
  case Claim::greedy:
    break;
  }
  return stands_ ? limits_.queue : kOutOfHand * limits_.queue;
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
  round_waits_ += waited;
  ++round_asked_;
  if (now - looked_ >= kLook) look_around(now);
  if (now - round_began_ >= kRound) end_round(now);
}

// Who has asked for something of late, and for how much. A crowd of those who have not is forgotten.
void Admission::look_around(Instant now) {
  const auto passed = std::chrono::duration<double>(now - looked_) / kOfLate, left = std::exp(-passed);
  looked_ = now;
  answered_of_late_ = left * answered_of_late_ + static_cast<double>(all_->over.exchange(0));
  pace_.look(left, answered_of_late_);
  const auto most_excess = 2 * static_cast<double>(limits_.few); // so that it ends soon after the flood
  double asked = 0;
  active_ = 0;
  for (auto& [use, guest] : guests_) {
    guest.asked *= left;
    guest.excess = std::clamp(guest.excess - kFlood * answered_of_late_ * passed, 0.0, most_excess);
    if (!is_active(guest)) continue;
    ++active_;
    asked += guest.asked;
  }
  const auto gone = guests_.size() - active_;
  active_ = std::max<std::size_t>(1, active_);
  asked_each_ = asked / static_cast<double>(active_);
  Pace::Crowd crowd{.active = active_};
  for (const auto& [use, guest] : guests_) {
    if (is_greedy(guest, now))
      ++crowd.greedy;
    else
      crowd.others += guest.asked;
  }
  pace_.find(crowd);
  const auto is_gone = [](const auto& each) { return !is_active(each.second); };
  if (gone > kRemembered) std::erase_if(guests_, is_gone);
}

bool Admission::is_active(const Guest& guest) {
  constexpr double kLeast = 0.5;
  return guest.asked >= kLeast || guest.count->under_way > 0;
}

void Admission::end_round(Instant now) {
  const auto average = round_asked_ > 0 ? round_waits_ / static_cast<Duration::rep>(round_asked_) : Duration{};
  stands_ = shortest_ > limits_.queue || average > limits_.queue * 3 / 2; // systems may answer in waves
  flooded_ = kFloodOf * round_refused_ > round_asked_;
  shortest_ = Duration::max();
  round_waits_ = {};
  round_asked_ = round_refused_ = 0;
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
  pace_.adapt(asked_ > 0 && waits_ / static_cast<Duration::rep>(asked_) > limits_.queue / kUnnoticed);
  waits_ = {};
  asked_ = 0;
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

} // namespace plugboard::api
