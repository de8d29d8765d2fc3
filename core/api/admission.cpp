#include "core/api/admission.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

constexpr std::chrono::milliseconds kRound{100}, kLook{10};
constexpr std::chrono::seconds kSlowest{1}; // of answers, that is reckoned with
constexpr double kLess = 0.93;
constexpr std::size_t kFastest = 6; // percent at once
constexpr std::size_t kShare = 8;   // times what is free
constexpr std::size_t kRemembered = 64;
constexpr int kOutOfHand = 3; // times the queue's limit, for who has more than his share
constexpr int kHopeless = 7;  // for everybody, once the queue stands

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
}

Admission::Admission(AdmissionLimits limits) : limits_(limits), room_(limits.most) {}

Admitted Admission::enter(const session::Client& client, Duration waited, Instant now, PlacePtr& place) {
  watch(waited, now);
  const auto& count = count_of(client);
  const std::size_t all = all_->under_way, own = count->under_way;
  const bool beyond_share = own >= std::max<std::size_t>(1, all / active_);
  const auto refused = beyond_share && active_ > 1 ? Admitted::not_this_client : Admitted::not_now;
  if (all >= limits_.least) {
    if (all >= room_ || is_too_late(waited, beyond_share)) return refused;
    if (own > kShare * (room_ - all)) return refused;
  }
  place = std::make_shared<const Place>(count, all_);
  peak_ = std::max(peak_, all + 1);
  ++entered_;
  return Admitted::yes;
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

bool Admission::is_too_late(Duration waited, bool beyond_share) const {
  if (beyond_share) return waited > (stands_ ? 1 : kOutOfHand) * limits_.queue;
  return stands_ && waited > kHopeless * limits_.queue;
}

const std::shared_ptr<Admission::Count>& Admission::count_of(const session::Client& client) {
  auto& guest = guests_[client.use.get()]; // clients without one share theirs
  if (!guest.count) guest = {client.use, std::make_shared<Count>()};
  return guest.count;
}

void Admission::watch(Duration waited, Instant now) {
  shortest_ = std::min(shortest_, waited);
  if (now - looked_ >= kLook) look_around(now);
  if (now - round_began_ >= kRound) end_round(now);
}

// How many have something under way. Who has nothing any more soon will have; a crowd of them is forgotten.
void Admission::look_around(Instant now) {
  looked_ = now;
  const auto is_gone = [](const auto& each) { return each.second.count->under_way == 0; };
  const auto gone = static_cast<std::size_t>(std::count_if(guests_.begin(), guests_.end(), is_gone));
  active_ = std::max<std::size_t>(1, guests_.size() - gone);
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
