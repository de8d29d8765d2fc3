// Handles of calls: what a plugin holds as plugboard_call*. No pointer but a number, (generation, slot, home), that is
// looked up here, so that one kept too long, or made up, finds nothing instead of somebody else's memory. Slots are
// never given back, generations never repeat. [any thread]
#pragma once

#include "core/connector/open_call.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace plugboard::connector {

class CallTable {
 public:
  explicit CallTable(std::size_t homes); // at most 256

  enum class Miss : std::uint8_t { none = 1, stale, unknown }; // stale: it was a call's, and that is completed

  struct Found {
    std::shared_ptr<OpenCall> call; // null: see miss
    Miss miss = Miss::none;
  };

  plugboard_call* put(std::shared_ptr<OpenCall> call); // in its home's part
  Found find(plugboard_call* handle) const;
  Found take(plugboard_call* handle); // and the handle is stale from then on
  std::size_t size() const;           // handles that are not completed

 private:
  struct Slot {
    std::uint64_t generation = 1;
    std::shared_ptr<OpenCall> call;
  };

  struct Part { // one a home, so that two homes never wait for each other
    mutable std::mutex mutex;
    std::vector<Slot> slots;
    std::vector<std::uint32_t> free;
  };

  struct Key {
    std::uint64_t generation, slot, home;
  };

  static plugboard_call* handle_of(Key key);
  static Key key_of(plugboard_call* handle);
  Found look_up(Part& part, Key key, bool take);

  std::vector<std::unique_ptr<Part>> parts_;
  std::atomic<std::size_t> size_ = 0;
};

} // namespace plugboard::connector
