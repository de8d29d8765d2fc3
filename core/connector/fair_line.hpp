// Who waits for a place among a connector's calls: one line, in which tenants take turns, and within a tenant those on
// whose behalf is asked. Never longer than so many; when it is full, who has most in it gives way to who has less. What
// waited beyond its deadline is passed over. Pure. [one at a time]
#pragma once

#include "core/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::connector {

class FairLine {
 public:
  explicit FairLine(std::size_t most) : most_(most) {}

  struct Waiter {
    Instant until{};      // nobody waits for it after
    std::size_t home = 0; // where
    std::uint64_t call = 0;
  };

  struct Joined {
    std::uint64_t ticket = 0;         // 0: the line is full
    std::optional<Waiter> given_up{}; // waits no more: it gave way
  };

  Joined join(std::string_view tenant, std::string_view actor, const Waiter& waiter);
  std::optional<Waiter> next(Instant now); // whose turn it is
  bool leave(std::uint64_t ticket);        // false: it does not wait any more

  std::size_t size() const { return size_; }

  std::size_t most() const { return most_; }

 private:
  struct Place {
    std::uint64_t ticket;
    Waiter waiter;
  };

  struct Actor {
    std::string name;
    std::deque<Place> places;
  };

  struct Tenant {
    std::string name;
    std::size_t size = 0;
    std::list<Actor> actors; // the next first
  };

  Tenant& tenant_of(std::string_view name);
  static Actor& actor_of(Tenant& tenant, std::string_view name);
  Waiter drop_last_of(Tenant& tenant);
  Waiter take_first();

  const std::size_t most_;
  std::size_t size_ = 0;
  std::uint64_t tickets_ = 0;
  std::list<Tenant> tenants_; // the next first; each has somebody in it
};

} // namespace plugboard::connector
