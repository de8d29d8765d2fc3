#include "core/connector/breaker.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::connector {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration kRemembered = seconds(30); // a call; so a system that is asked seldom is not judged by last week
constexpr Duration kLately = milliseconds(500);
constexpr Duration kIncident = milliseconds(250); // forty calls that one broken connection ends are one
constexpr Duration kFirstPause = seconds(1), kLongestPause = milliseconds(1'500);
constexpr Duration kToBeSure = milliseconds(100); // that a probe which went well was no luck
constexpr unsigned kGoodProbes = 2;

} // namespace

Breaker::Breaker(const BreakerRules& rules) : rules_(rules) {}

Breaker::Entry Breaker::enter(Instant now, Random& random) {
  if (!open_) return {};
  if (now < probe_at_) return {false, false, probe_at_ - now};
  plan_probe(now, random); // whatever becomes of this one
  return {true, true, {}};
}

void Breaker::ended(const Call& call, Instant now, Random& random) {
  if (!rules_.enabled || call.symptom == Symptom::none) return;
  const bool good = call.symptom == Symptom::answered && !call.slow;
  if (open_) {
    if (!call.probe || call.started < since_) return; // one that began before; it is known that things were bad
    if (!good) return probed_in_vain(now, random);
    if (++good_probes_ >= kGoodProbes) return close(now);
    probe_at_ = now + kToBeSure;
    return;
  }
  if (call.started < since_) return; // of the time before it closed
  note(call, now);
  if (good) return;
  const unsigned failed = share_of(now, &Seen::failed), slow = share_of(now, &Seen::slow);
  if (failed * 2 < rules_.failure_percent && slow * 2 < rules_.slow_percent) return void(alarmed_ = Instant::max());
  alarmed_ = std::min(alarmed_, now);
  const bool lasts = alarmed_ <= call.started && call.started - alarmed_ >= kIncident;
  if (lasts && ((failed >= rules_.failure_percent && is_bad_lately(rules_.failure_percent)) ||
                (slow >= rules_.slow_percent && is_bad_lately(rules_.slow_percent))))
    open(now, random);
}

Duration Breaker::until_probe(Instant now) const {
  return open_ ? std::max(probe_at_ - now, Duration::zero()) : Duration::zero();
}

void Breaker::note(const Call& call, Instant now) {
  const bool failed = call.symptom == Symptom::failed;
  last_[next_] = {now, failed, call.slow};
  next_ = (next_ + 1) % kCalls;
  if (lately_.began == Instant::min() || now - lately_.began >= 2 * kLately)
    lately_ = {now};
  else if (now - lately_.began >= kLately)
    lately_ = {lately_.began + kLately, 0, 0, lately_.calls, lately_.bad};
  ++lately_.calls;
  lately_.bad += failed || call.slow ? 1 : 0;
}

unsigned Breaker::share_of(Instant now, bool Seen::*what) const {
  const auto count = std::count_if(last_.begin(), last_.end(), [&](const Seen& seen) {
    return seen.at != Instant::min() && now - seen.at <= kRemembered && seen.*what;
  });
  return static_cast<unsigned>(count) * 100 / kCalls;
}

// Where hundreds are made in a second, twenty prove little: in the long run any twenty failures come together by
// chance.
bool Breaker::is_bad_lately(unsigned percent) const {
  const unsigned calls = lately_.calls + lately_.calls_before, bad = lately_.bad + lately_.bad_before;
  return calls <= kCalls || bad * 100 >= calls * (percent * 7 / 10);
}

void Breaker::open(Instant now, Random& random) {
  open_ = true;
  ++opened_;
  since_ = now;
  good_probes_ = 0;
  pause_ = kFirstPause;
  plan_probe(now, random);
}

void Breaker::close(Instant now) {
  open_ = false;
  since_ = now;
  last_ = {};
  lately_ = {};
  alarmed_ = Instant::max();
}

void Breaker::probed_in_vain(Instant now, Random& random) {
  pause_ = std::min(pause_ * 3 / 2, kLongestPause);
  plan_probe(now, random);
  if (std::exchange(good_probes_, 0) > 0) probe_at_ += kFirstPause; // this one had come early
}

// A quarter more at most: hubs that saw the same failure do not probe as one, and none oftener than once a second.
void Breaker::plan_probe(Instant now, Random& random) {
  probe_at_ =
      now + pause_ + Duration(static_cast<Duration::rep>(random.below(static_cast<std::uint64_t>(pause_.count() / 4))));
}

} // namespace plugboard::connector
