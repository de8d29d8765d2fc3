#include "core/session/replaced_secrets.hpp"

#include "core/session/columns.hpp"
#include "core/session/seal.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace plugboard::session {
namespace {

constexpr std::string_view kPurpose = "replaced_secret";
constexpr std::size_t kSaltBytes = 32, kDigestBytes = 32;

using Name = ReplacedSecrets::Name;

// What the seal holds: a salt, the configured value's hash under it, and what replaced that.
Secret sealed_text(const Secret& configured, const Secret& value, Random& random) {
  std::string text(kSaltBytes, '\0');
  text.reserve(kSaltBytes + kDigestBytes + value.reveal().size());
  random.fill(std::as_writable_bytes(std::span(text.data(), kSaltBytes)));
  const Digest digest = hmac_sha256(Secret(text), configured.reveal());
  text.append(reinterpret_cast<const char*>(digest.data()), digest.size());
  text += value.reveal();
  return Secret(std::move(text));
}

bool replaces(const Secret& text, const Secret& configured) {
  const std::string_view bytes = text.reveal();
  const Digest digest = hmac_sha256(Secret(std::string(bytes.substr(0, kSaltBytes))), configured.reveal());
  return equal_in_constant_time(bytes.substr(kSaltBytes, kDigestBytes),
                                {reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string about(const Name& name, const std::string& key_id) {
  return Seal("replaced_secrets").add(name.connector).add(name.handle).add(key_id).digest();
}

class StoredSecrets final : public ReplacedSecrets {
 public:
  StoredSecrets(store::Database& database, const Keys& keys, audit::Trail& trail, const Clock& clock, Random& random,
                Log& log, Metrics& metrics)
      : database_(database), keys_(keys), trail_(trail), clock_(clock), random_(random), log_(log),
        damaged_(damaged_rows(metrics)) {}

  Result<void> load() {
    std::vector<Name> older;
    const auto read = database_.read_now([&](store::Connection& connection) { return load_from(connection, older); });
    if (!read) return read;
    for (const Name& name : older) {
      const auto text = std::make_shared<const Secret>(replaced_.at(name).copy());
      const auto sealed = database_.write_now(
          [this, &name, text](store::Connection& connection) { return write(connection, name, *text); });
      if (!sealed) return sealed;
    }
    return {};
  }

  Result<Secret> current(const Name& name, Result<Secret> configured) override {
    if (!configured) return configured;
    {
      const std::lock_guard lock(mutex_);
      const auto found = replaced_.find(name);
      if (found == replaced_.end()) return configured;
      const Secret& text = found->second;
      if (replaces(text, *configured)) return Secret(std::string(text.reveal().substr(kSaltBytes + kDigestBytes)));
      replaced_.erase(found);
    }
    drop(name);
    return configured;
  }

  void replace(Name name, const Secret& configured, Secret value, std::function<void(Result<void>)> done) override {
    const std::string by = "connector " + name.connector, target = name.connector + name.handle;
    audit::Change change;
    change.action = "secret.replace";
    change.by = by;
    change.target = target;
    const auto text = std::make_shared<const Secret>(sealed_text(configured, value, random_));
    trail_.change(change, {}, [this, name, text, done = std::move(done)](const Result<audit::Receipt>& kept) {
      if (!kept) return done(kept.error());
      auto job = [this, name, text](store::Connection& connection) { return write(connection, name, *text); };
      database_.write(std::move(job), {}, [this, name, text, receipt = *kept, done](Result<void> written) {
        settle(name, *text, receipt, written);
        done(std::move(written));
      });
    });
  }

  void stop() override {
    const std::lock_guard lock(mutex_);
    trail_goes_ = true;
  }

 private:
  void settle(const Name& name, const Secret& text, const audit::Receipt& receipt, const Result<void>& written) {
    const std::lock_guard lock(mutex_);
    if (written)
      replaced_.insert_or_assign(name, Secret::kept(text.copy()));
    else if (!trail_goes_)
      trail_.outcome(receipt, {audit::Ending::failed, {}, "store.failed"});
  }

  Result<void> load_from(store::Connection& connection, std::vector<Name>& older) {
    auto statement = connection.prepare("SELECT connector, handle, key_id, sealed FROM replaced_secrets");
    if (!statement) return statement.error();
    store::Statement& row = **statement;
    for (;;) {
      const auto there = row.step();
      if (!there) return there.error();
      if (!*there) return {};
      const Name name{std::string(row.text(0)), std::string(row.text(1))};
      const std::string key_id(row.text(2));
      const auto key = keys_.derived(key_id, kPurpose);
      auto text = key ? open(*key, row.text(3), about(name, key_id)) : std::nullopt;
      if (!text || text->reveal().size() <= kSaltBytes + kDigestBytes) {
        damaged_.add();
        log_.error("secret.replacement_lost",
                   {{"connector", name.connector},
                    {"handle", name.handle},
                    {"message", "it can't be opened: its key is gone, or the disk changed it; the configured value is "
                                "used, which its system may have made void"}});
        continue;
      }
      replaced_.insert_or_assign(name, Secret::kept(std::move(*text)));
      if (key_id != keys_.current()) older.push_back(name);
    }
  }

  Result<void> write(store::Connection& connection, const Name& name, const Secret& text) {
    auto statement = connection.prepare("INSERT OR REPLACE INTO replaced_secrets (tenant, connector, handle, key_id, "
                                        "replaced_at, sealed) VALUES ('', ?1, ?2, ?3, ?4, ?5)");
    if (!statement) return statement.error();
    const std::string& key_id = keys_.current();
    const std::string sealed = close(*keys_.derived(key_id, kPurpose), text.reveal(), about(name, key_id), random_);
    (*statement)->bind(1, name.connector).bind(2, name.handle).bind(3, key_id).bind(4, nanoseconds(clock_.wall()));
    return run((*statement)->bind_blob(5, sealed));
  }

  void drop(const Name& name) {
    log_.info("secret.replacement_dropped",
              {{"connector", name.connector},
               {"handle", name.handle},
               {"message", "the configuration refers to another value than the one that was replaced"}});
    auto job = [name](store::Connection& connection) -> Result<void> {
      auto statement = connection.prepare("DELETE FROM replaced_secrets WHERE connector = ?1 AND handle = ?2");
      if (!statement) return statement.error();
      return run((*statement)->bind(1, name.connector).bind(2, name.handle));
    };
    database_.write(std::move(job), {}, [this](const Result<void>& gone) {
      if (!gone) log_.warn("secret.replacement_not_dropped", {{"reason", gone.error().message}});
    });
  }

  store::Database& database_;
  const Keys& keys_;
  audit::Trail& trail_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  Counter& damaged_;
  std::mutex mutex_;
  std::map<Name, Secret> replaced_; // sealed_text()
  bool trail_goes_ = false;
};

} // namespace

Result<std::unique_ptr<ReplacedSecrets>> ReplacedSecrets::make(store::Database& database, const Keys& keys,
                                                               audit::Trail& trail, const Clock& clock, Random& random,
                                                               Log& log, Metrics& metrics) {
  auto made = std::make_unique<StoredSecrets>(database, keys, trail, clock, random, log, metrics);
  if (const auto loaded = made->load(); !loaded) return loaded.error();
  return std::unique_ptr<ReplacedSecrets>(std::move(made));
}

} // namespace plugboard::session
