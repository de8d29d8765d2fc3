#include "core/connector/call_table.hpp"

#include "core/base/assert.hpp"

#include <utility>

namespace plugboard::connector {
namespace {
constexpr unsigned kHomeBits = 8;
constexpr unsigned kSlotBits = 20;
constexpr std::uint64_t kMask = 1;
static_assert(sizeof(plugboard_call*) == 8); // a generation would not fit into less

constexpr std::uint64_t low(std::uint64_t value, unsigned bits) {
  return value & ((kMask << bits) - 1);
}
} // namespace

CallTable::CallTable(std::size_t homes) {
  PLUGBOARD_ASSERT(homes > 0 && homes <= (kMask << kHomeBits));
  for (std::size_t i = 0; i < homes; ++i) parts_.push_back(std::make_unique<Part>());
}

plugboard_call* CallTable::handle_of(Key key) {
  const std::uint64_t number = (key.generation << (kSlotBits + kHomeBits)) | (key.slot << kHomeBits) | key.home;
  return reinterpret_cast<plugboard_call*>(static_cast<std::uintptr_t>(number)); // never followed, by anybody
}

CallTable::Key CallTable::key_of(plugboard_call* handle) {
  const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(handle));
  return {number >> (kSlotBits + kHomeBits), low(number >> kHomeBits, kSlotBits), low(number, kHomeBits)};
}

plugboard_call* CallTable::put(std::shared_ptr<OpenCall> call) {
  const std::size_t home = call->home;
  Part& part = *parts_.at(home);
  const std::lock_guard lock(part.mutex);
  if (part.free.empty()) {
    PLUGBOARD_ASSERT(part.slots.size() < (kMask << kSlotBits)); // the desk refuses calls long before
    if (part.free.capacity() <= part.slots.size()) part.free.reserve(2 * part.slots.size() + 16); // see look_up()
    part.slots.emplace_back();
    part.free.push_back(static_cast<std::uint32_t>(part.slots.size() - 1));
  }
  const std::uint32_t index = part.free.back();
  part.free.pop_back();
  Slot& slot = part.slots[index];
  slot.call = std::move(call);
  ++size_;
  return handle_of({slot.generation, index, home});
}

CallTable::Found CallTable::look_up(Part& part, Key key, bool take) {
  const std::lock_guard lock(part.mutex);
  if (key.slot >= part.slots.size()) return {nullptr, Miss::unknown};
  Slot& slot = part.slots[key.slot];
  if (key.generation != slot.generation || slot.call == nullptr)
    return {nullptr, key.generation > 0 && key.generation < slot.generation ? Miss::stale : Miss::unknown};
  if (!take) return {slot.call, Miss::none};
  ++slot.generation;
  part.free.push_back(static_cast<std::uint32_t>(key.slot)); // allocates nothing: put() reserved a place for each
  --size_;
  return {std::exchange(slot.call, nullptr), Miss::none};
}

CallTable::Found CallTable::find(plugboard_call* handle) const {
  const Key key = key_of(handle);
  if (key.home >= parts_.size()) return {nullptr, Miss::unknown};
  return const_cast<CallTable*>(this)->look_up(*parts_[key.home], key, false);
}

CallTable::Found CallTable::take(plugboard_call* handle) {
  const Key key = key_of(handle);
  if (key.home >= parts_.size()) return {nullptr, Miss::unknown};
  return look_up(*parts_[key.home], key, true);
}

std::size_t CallTable::size() const {
  return size_;
}

} // namespace plugboard::connector
