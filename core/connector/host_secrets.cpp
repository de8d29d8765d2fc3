#include "core/connector/host_secrets.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/guard.hpp"

#include <utility>

namespace plugboard::connector {
namespace {

constexpr Rate kReplacements{.per_second = 0.1, .burst = 20}; // of one connector: each is a record and a write

} // namespace

HostSecrets::HostSecrets(Border& border, const Settings& settings, HostLog& log, const Clock& clock)
    : border_(border), settings_(settings), log_(log), clock_(clock), replacements_(kReplacements) {}

Result<Secret> HostSecrets::value_of(std::string_view handle) const {
  const auto found = settings_.secrets.find(std::string(handle));
  if (found == settings_.secrets.end())
    return fail(Code::not_found, "the configuration has no secret \"" + std::string(handle) + "\"", settings_.name);
  Result<Secret> secret = found->second();
  if (!secret) log_.noticed("plugin.secret_missing", secret.error().message);
  return secret;
}

std::int32_t HostSecrets::get(plugboard_str handle, void* user, Receive receive) const {
  if (receive == nullptr || !is_readable(handle)) return PLUGBOARD_FAILED;
  if (!settings_.secrets.contains(std::string(view(handle)))) return PLUGBOARD_NOT_FOUND;
  const Result<Secret> secret = value_of(view(handle));
  if (!secret) return PLUGBOARD_FAILED;
  if (!guarded([&] { receive(user, str(secret->reveal())); })) log_.noticed("plugin.protocol", "receive() threw");
  return PLUGBOARD_OK;
}

bool HostSecrets::keep(const std::string& handle, Secret value, std::function<void(Result<void>)> done) {
  if (replacements_.enter(clock_.now()) > Duration::zero()) {
    log_.noticed("plugin.secret_not_replaced", handle + ": it was replaced too often in a short time");
    return false;
  }
  settings_.replace_secret(handle, std::move(value), std::move(done));
  return true;
}

std::int32_t HostSecrets::replace(plugboard_str handle, plugboard_str value, void* user, Done done) {
  if (!can_keep()) return PLUGBOARD_UNSUPPORTED;
  if (done == nullptr || !is_readable(handle) || !is_readable(value) || value.size == 0) return PLUGBOARD_FAILED;
  if (value.size > PLUGBOARD_SECRET_MOST_BYTES) return PLUGBOARD_TOO_LARGE;
  if (!settings_.secrets.contains(std::string(view(handle)))) return PLUGBOARD_NOT_FOUND;
  auto errand = std::make_unique<Errand>();
  errand->refuse = [user, done](std::int32_t outcome) { done(user, outcome); };
  errand->run = [this, handle = std::string(view(handle)), kept = std::make_shared<Secret>(std::string(view(value))),
                 user, done](const Errand::Finish& finish) {
    const auto tell = [finish, user, done](std::int32_t outcome) {
      finish([user, done, outcome] { done(user, outcome); });
    };
    const bool taken = keep(handle, std::move(*kept),
                            [tell](const Result<void>& outcome) { tell(outcome ? PLUGBOARD_OK : PLUGBOARD_FAILED); });
    if (!taken) tell(PLUGBOARD_BUSY);
  };
  return border_.send(0, std::move(errand)) ? PLUGBOARD_OK : PLUGBOARD_CANCELLED;
}

} // namespace plugboard::connector
