#include "core/connector/doorway.hpp"

#include "core/connector/border.hpp"
#include "core/connector/host_table.hpp"

#include <cstddef>
#include <type_traits>

namespace plugboard::connector {

Doorway::Doorway(Border& border) : host_(make_host()), border_(&border) {}

Doorway& Doorway::of(const plugboard_host* host) {
  static_assert(std::is_standard_layout_v<Doorway> && offsetof(Doorway, host_) == 0);
  return *const_cast<Doorway*>(reinterpret_cast<const Doorway*>(host));
}

void Doorway::complete(plugboard_call* handle, const plugboard_reply* reply) {
  CallTable::Found found; // before the pass: a call that dies here dies outside the gate
  const Gate::Pass pass(gate_);
  if (!pass) {
    ++after_end_;
    return;
  }
  found = border_->calls().take(handle);
  border_->completed(found, reply);
}

} // namespace plugboard::connector
