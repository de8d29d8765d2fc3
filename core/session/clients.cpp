#include "core/session/clients.hpp"

#include "core/base/ids.hpp"
#include "core/session/client_directory.hpp"
#include "core/session/seal.hpp"

#include <mutex>
#include <set>
#include <utility>

namespace plugboard::session {
namespace {

constexpr std::string_view kPrefix = "pbk_";
constexpr std::string_view kPurpose = "client";
constexpr std::size_t kShortestKey = 16;
constexpr std::size_t kLongestKey = 1024; // nobody's time is spent on hashing more

using DirectoryPtr = std::shared_ptr<const ClientDirectory>;

// The directory that counts now. Shared by Clients and by what it has under way in the store. [any thread]
class CurrentClients {
 public:
  explicit CurrentClients(std::vector<ClientEntry> stored) : stored_(std::move(stored)) {}

  Result<void> configure(std::vector<ClientEntry> configured) {
    const std::lock_guard changing(changing_);
    auto made = ClientDirectory::make(configured, stored_);
    if (!made) return made.error();
    configured_ = std::move(configured);
    put(std::move(*made));
    return {};
  }

  Result<void> add(ClientEntry entry) {
    const std::lock_guard changing(changing_);
    stored_.push_back(std::move(entry));
    auto made = ClientDirectory::make(configured_, stored_);
    if (!made) {
      stored_.pop_back();
      return made.error();
    }
    put(std::move(*made));
    return {};
  }

  DirectoryPtr get() const {
    const std::lock_guard lock(mutex_);
    return directory_;
  }

 private:
  void put(DirectoryPtr directory) {
    const std::lock_guard lock(mutex_);
    directory_.swap(directory); // the old one dies after the lock
  }

  std::mutex changing_; // held through a change; guards the two lists
  std::vector<ClientEntry> configured_, stored_;
  mutable std::mutex mutex_; // held for a pointer's copy; guards directory_
  DirectoryPtr directory_;
};

Error invalid(const Client& client, const std::string& what) {
  return fail(Code::invalid_argument, "client \"" + client.id + "\": " + what, "clients");
}

Result<void> check(const Client& client) {
  if (!is_client_id(client.id)) {
    return invalid(client, "its id must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit");
  }
  if (!is_client_id(client.tenant)) return invalid(client, "its tenant \"" + client.tenant + "\" is none");
  return {};
}

class StoredClients final : public Clients {
 public:
  StoredClients(store::Database& database, const Keys& keys, const Clock& clock, Random& random, Log& log,
                std::vector<ClientEntry> stored)
      : database_(database), keys_(keys), clock_(clock), random_(random), log_(log),
        current_(std::make_shared<CurrentClients>(std::move(stored))) {}

  Result<void> configure(std::vector<ConfiguredClient> clients) override;

  ClientPtr find(std::string_view key) const override {
    if (key.size() < kShortestKey || key.size() > kLongestKey) return nullptr;
    const DirectoryPtr directory = current_->get();
    for (const KeyedHash& hash : keys_.candidates(kPurpose, key)) {
      if (ClientPtr client = directory->find(hash)) return client;
    }
    return nullptr;
  }

  std::vector<ClientPtr> find(const CertificateNames& certificate) const override {
    return current_->get()->find(certificate);
  }

  std::vector<ClientPtr> list() const override { return current_->get()->list(); }

  void add(Client client, store::Poster back, std::function<void(Result<Added>)> done) override;

 private:
  Result<ClientEntry> entry_of(ConfiguredClient configured) const;

  store::Database& database_;
  const Keys& keys_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  std::shared_ptr<CurrentClients> current_;
};

Result<ClientEntry> StoredClients::entry_of(ConfiguredClient configured) const {
  Client& client = configured.client;
  if (const auto fits = check(client); !fits) return fits.error();
  client.from_configuration = true;
  ClientEntry entry;
  entry.certificate = std::move(configured.certificate);
  const std::size_t length = configured.key.reveal().size();
  const bool by_certificate_alone = length == 0 && entry.certificate;
  if (!by_certificate_alone && (length < kShortestKey || length > kLongestKey)) {
    return invalid(client, "its key has " + std::to_string(length) + " characters; 16 to 1024 are allowed");
  }
  if (!by_certificate_alone) entry.key = keys_.hash(kPurpose, configured.key.reveal());
  entry.client = std::make_shared<const Client>(std::move(client));
  return entry;
}

Result<void> StoredClients::configure(std::vector<ConfiguredClient> clients) {
  std::vector<ClientEntry> entries;
  std::set<std::pair<std::string, std::string>> ids;
  for (ConfiguredClient& configured : clients) {
    auto entry = entry_of(std::move(configured));
    if (!entry) return entry.error();
    if (!ids.emplace(entry->client->tenant, entry->client->id).second) {
      return invalid(*entry->client, "stands twice in the configuration of tenant " + entry->client->tenant);
    }
    entries.push_back(std::move(*entry));
  }
  return current_->configure(std::move(entries));
}

void StoredClients::add(Client client, store::Poster back, std::function<void(Result<Added>)> done) {
  client.from_configuration = false;
  if (const auto fits = check(client); !fits) return done(fits.error());
  if (current_->get()->has(client)) {
    return done(
        fail(Code::conflict, "tenant " + client.tenant + " has a client \"" + client.id + "\" already", "clients"));
  }
  auto key = std::make_shared<Secret>(new_token(kPrefix, random_));
  auto row = std::make_shared<const ClientRow>(ClientRow{std::move(client), keys_.hash(kPurpose, key->reveal())});
  auto job = [row, now = clock_.wall(), &keys = keys_](store::Connection& connection) {
    return insert_client(connection, keys, *row, now);
  };
  auto answer = [row, key, current = current_, &log = log_, done = std::move(done)](const Result<void>& written) {
    if (!written) return done(written.error());
    auto added = std::make_shared<const Client>(row->client);
    if (const auto entered = current->add({added, row->key}); !entered) return done(entered.error());
    log.info("client.added", {{"tenant", added->tenant}, {"client", added->id}});
    done(Added{std::move(added), std::move(*key)});
  };
  database_.write(std::move(job), std::move(back), std::move(answer));
}

} // namespace

Result<std::unique_ptr<Clients>> Clients::make(store::Database& database, const Keys& keys, const Clock& clock,
                                               Random& random, Log& log, Metrics& metrics) {
  Counter& damaged = damaged_rows(metrics);
  std::vector<ClientEntry> stored;
  const auto read = database.read_now([&stored, &keys, &log, &damaged](store::Connection& connection) -> Result<void> {
    auto rows = load_clients(connection, keys, log, damaged);
    if (!rows) return rows.error();
    for (ClientRow& row : *rows) {
      stored.push_back({std::make_shared<const Client>(std::move(row.client)), std::move(row.key)});
    }
    return {};
  });
  if (!read) return read.error();
  auto clients = std::make_unique<StoredClients>(database, keys, clock, random, log, std::move(stored));
  if (const auto begun = clients->configure({}); !begun) return begun.error();
  return std::unique_ptr<Clients>(std::move(clients));
}

} // namespace plugboard::session
