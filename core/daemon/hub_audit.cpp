// How the hub's audit trail is built: its files in data_dir, its signing keys derived from the hub's own.
#include "core/audit/file_trail.hpp"
#include "core/audit/hexadecimal.hpp"
#include "core/daemon/hub.hpp"

namespace plugboard::daemon {

namespace {

// The current key's first: it signs. The others' signatures count, too.
std::vector<audit::Signer> signers_of(const std::string& current, const std::map<std::string, Secret>& keys) {
  std::vector<audit::Signer> signers;
  if (auto key = keys.find(current); key != keys.end()) signers.push_back(audit::signer_of(current, key->second));
  for (const auto& [name, key] : keys)
    if (name != current) signers.push_back(audit::signer_of(name, key));
  return signers;
}

} // namespace

bool Hub::open_trail(const Config& config, const std::map<std::string, Secret>& keys) {
  if (!config.audit.is_on) {
    trail_ = audit::no_trail();
    return true;
  }
  std::unique_ptr<audit::Sink> sink;
  if (config.audit.syslog) {
    auto made = audit::syslog_sink(*config.audit.syslog);
    if (!made) {
      log_.error("config.fault", {{"pointer", "/audit/syslog/address"}, {"message", made.error().message}});
      return false;
    }
    sink = std::move(*made);
  }
  auto folder = audit::open_folder(config.data_dir + "/audit");
  auto signers = signers_of(config.current_key, keys);
  if (signers.empty()) return true; // session::Keys says what is wrong with that
  const auto public_key = audit::to_hex(signers.front().key.public_key());
  auto trail =
      folder
          ? audit::FileTrail::open(std::move(*folder), {config.audit.journal, {}}, std::move(signers), std::move(sink),
                                   !config.audit.syslog || config.audit.syslog->is_required, clock_, log_, metrics_)
          : Result<std::unique_ptr<audit::FileTrail>>(folder.error());
  if (!trail) {
    log_.error("audit.unusable", {{"folder", config.data_dir + "/audit"}, {"message", trail.error().message}});
    return false;
  }
  log_.info("audit.ready", {{"key", config.current_key}, {"public_key", public_key}});
  reports_ = trail->get();
  trail_ = std::move(*trail);
  return true;
}

// Called on threads that are joined before the trail goes.
void Hub::put_on_record(const session::Alarm& alarm) {
  audit::Change change;
  const std::string by = "client " + alarm.presented_by;
  change.action = "session.use";
  change.by = by;
  change.tenant = alarm.tenant;
  change.customer = alarm.customer;
  change.session = alarm.session;
  change.target = alarm.client;
  trail_->refused(change, session::name_of(alarm.kind));
}

} // namespace plugboard::daemon
