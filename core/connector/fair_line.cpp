#include "core/connector/fair_line.hpp"

#include "core/base/on_exit.hpp"

#include <algorithm>

namespace plugboard::connector {

FairLine::Tenant& FairLine::tenant_of(std::string_view name) {
  const auto found =
      std::find_if(tenants_.begin(), tenants_.end(), [&](const Tenant& one) { return one.name == name; });
  return found != tenants_.end() ? *found : tenants_.emplace_back(Tenant{std::string(name), 0, {}});
}

FairLine::Actor& FairLine::actor_of(Tenant& tenant, std::string_view name) {
  auto& actors = tenant.actors;
  const auto found = std::find_if(actors.begin(), actors.end(), [&](const Actor& one) { return one.name == name; });
  return found != actors.end() ? *found : actors.emplace_back(Actor{std::string(name), {}});
}

FairLine::Joined FairLine::join(std::string_view tenant, std::string_view actor, const Waiter& waiter) {
  Joined joined;
  if (size_ >= most_) {
    const auto largest = std::max_element(tenants_.begin(), tenants_.end(),
                                          [](const Tenant& a, const Tenant& b) { return a.size < b.size; });
    if (largest == tenants_.end() || largest->name == tenant) return joined;
    const auto own =
        std::find_if(tenants_.begin(), tenants_.end(), [&](const Tenant& one) { return one.name == tenant; });
    if (own != tenants_.end() && own->size + 1 >= largest->size) return joined;
    joined.given_up = drop_last_of(*largest);
  }
  const OnExit tidy([&] { // for want of memory: nobody may stand in it without a place
    for (Tenant& one : tenants_) one.actors.remove_if([](const Actor& empty) { return empty.places.empty(); });
    tenants_.remove_if([](const Tenant& empty) { return empty.size == 0; });
  });
  Tenant& whose = tenant_of(tenant);
  actor_of(whose, actor).places.push_back({++tickets_, waiter});
  ++whose.size;
  ++size_;
  joined.ticket = tickets_;
  return joined;
}

// Of the actor with the most: the tenant's own few are not pushed out by its own many.
FairLine::Waiter FairLine::drop_last_of(Tenant& tenant) {
  const auto largest = std::max_element(tenant.actors.begin(), tenant.actors.end(), [](const Actor& a, const Actor& b) {
    return a.places.size() < b.places.size();
  });
  const Waiter last = largest->places.back().waiter;
  largest->places.pop_back();
  if (largest->places.empty()) tenant.actors.erase(largest);
  --size_;
  if (--tenant.size == 0) tenants_.remove_if([](const Tenant& one) { return one.size == 0; });
  return last;
}

std::optional<FairLine::Waiter> FairLine::next(Instant now) {
  while (size_ > 0)
    if (const Waiter first = take_first(); first.until > now) return first;
  return std::nullopt;
}

FairLine::Waiter FairLine::take_first() {
  Tenant& tenant = tenants_.front();
  Actor& actor = tenant.actors.front();
  const Waiter first = actor.places.front().waiter;
  actor.places.pop_front();
  --size_;
  --tenant.size;
  if (actor.places.empty())
    tenant.actors.pop_front();
  else
    tenant.actors.splice(tenant.actors.end(), tenant.actors, tenant.actors.begin());
  if (tenant.size == 0)
    tenants_.pop_front();
  else
    tenants_.splice(tenants_.end(), tenants_, tenants_.begin());
  return first;
}

bool FairLine::leave(std::uint64_t ticket) {
  for (auto tenant = tenants_.begin(); tenant != tenants_.end(); ++tenant)
    for (auto actor = tenant->actors.begin(); actor != tenant->actors.end(); ++actor) {
      auto& places = actor->places;
      const auto found =
          std::find_if(places.begin(), places.end(), [&](const Place& one) { return one.ticket == ticket; });
      if (found == places.end()) continue;
      places.erase(found);
      if (places.empty()) tenant->actors.erase(actor);
      --size_;
      if (--tenant->size == 0) tenants_.erase(tenant);
      return true;
    }
  return false;
}

} // namespace plugboard::connector
