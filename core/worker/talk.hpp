// The launcher's part of the conversation with the hub: one frame in, one out. [the launcher's thread]
#pragma once

#include "core/wire/launch.hpp"
#include "core/worker/descriptor.hpp"

#include <optional>
#include <vector>

namespace plugboard::worker {

// From now on this process dies with the one that started it. False: that one, the socket's maker, is gone already.
bool dies_with_parent(int socket);

std::optional<wire::Launch> hear_launch(int socket); // not a byte more is read than the frame has

bool say_launched(int socket, wire::Launched launched, const std::vector<Descriptor>& listeners);

} // namespace plugboard::worker
