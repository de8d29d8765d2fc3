// What the hub keeps for connectors beyond its own life: their values, and what their systems put in place of secrets.
#include "core/daemon/hub.hpp"

namespace plugboard::daemon {

bool Hub::open_kept() {
  auto replaced = session::ReplacedSecrets::make(*database_, *keys_, *trail_, clock_, random_, log_, metrics_);
  if (!replaced) {
    log_.error("store.unusable", {{"message", replaced.error().message}});
    return false;
  }
  replaced_secrets_ = std::move(*replaced);
  kept_values_ = session::KeptValues::make(*database_, *keys_, clock_, random_, log_, metrics_);
  return true;
}

void Hub::give_kept(connector::Settings& settings) {
  settings.kept = kept_values_;
  const auto configured = settings.secrets;
  for (auto& [handle, value] : settings.secrets)
    value = [&replaced = *replaced_secrets_, name = session::ReplacedSecrets::Name{settings.name, handle},
             resolve = configured.at(handle)] { return replaced.current(name, resolve()); };
  settings.replace_secret = [&replaced = *replaced_secrets_, connector = settings.name, configured](
                                const std::string& handle, Secret value, std::function<void(Result<void>)> done) {
    const Result<Secret> now = configured.at(handle)();
    if (!now) return done(now.error());
    replaced.replace({connector, handle}, *now, std::move(value), std::move(done));
  };
}

} // namespace plugboard::daemon
