#include "core/http/kept_names.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::http {

void KeptNames::keep(const std::string& name, Result<Addresses> found, Duration time_to_live, Instant now) {
  const auto time = found ? std::clamp(time_to_live, kShortest, kLongest) : kFailure;
  if (kept_.size() >= kMost && !kept_.contains(name)) make_room(now);
  kept_.insert_or_assign(name, Kept{std::move(found), now + time, now + time + kUnheard});
}

const Result<Addresses>* KeptNames::find(const std::string& name, Instant now) const {
  const auto kept = kept_.find(name);
  return kept != kept_.end() && now < kept->second.until ? &kept->second.found : nullptr;
}

bool KeptNames::may_go_on(const std::string& name, Instant now) const {
  const auto kept = kept_.find(name);
  return kept != kept_.end() && kept->second.found && now < kept->second.unheard_until;
}

const Result<Addresses>* KeptNames::go_on(const std::string& name, Instant now) {
  if (!may_go_on(name, now)) return nullptr;
  auto& kept = kept_.find(name)->second;
  kept.until = std::max(kept.until, std::min(now + kOnAgain, kept.unheard_until));
  return &kept.found;
}

void KeptNames::make_room(Instant now) {
  std::erase_if(kept_, [now](const auto& entry) { return entry.second.until <= now; });
  if (kept_.size() < kMost) return;
  kept_.erase(std::min_element(kept_.begin(), kept_.end(),
                               [](const auto& a, const auto& b) { return a.second.until < b.second.until; }));
}

} // namespace plugboard::http
