#include "core/connector/host_secrets.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/guard.hpp"

namespace plugboard::connector {

std::int32_t HostSecrets::get(plugboard_str handle, void* user, Receive receive) const {
  if (receive == nullptr || !is_readable(handle)) return PLUGBOARD_FAILED;
  const auto found = secrets_.find(std::string(view(handle)));
  if (found == secrets_.end()) return PLUGBOARD_NOT_FOUND;
  const Result<Secret> secret = found->second();
  if (!secret) {
    log_.noticed("plugin.secret_missing", secret.error().message);
    return PLUGBOARD_FAILED;
  }
  if (!guarded([&] { receive(user, str(secret->reveal())); })) log_.noticed("plugin.protocol", "receive() threw");
  return PLUGBOARD_OK;
}

} // namespace plugboard::connector
