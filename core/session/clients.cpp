#include "core/session/clients.hpp"

#include "core/base/ids.hpp"
#include "core/base/insist.hpp"
#include "core/session/current_clients.hpp"
#include "core/session/seal.hpp"

#include <set>
#include <utility>

namespace plugboard::session {
namespace {

constexpr std::string_view kPrefix = "pbk_";
constexpr std::string_view kPurpose = "client";
constexpr std::size_t kShortestKey = 16;
constexpr std::size_t kLongestKey = 1024; // nobody's time is spent on hashing more

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
                std::shared_ptr<ClientUses> uses, const std::vector<ClientRow>& stored)
      : database_(database), keys_(keys), clock_(clock), random_(random), log_(log), uses_(std::move(uses)),
        current_(std::make_shared<CurrentClients>(uses_, stored)) {}

  ~StoredClients() override;

  Result<void> configure(std::vector<ConfiguredClient> clients) override;

  ClientPtr find(std::string_view key) const override {
    if (key.size() < kShortestKey || key.size() > kLongestKey) return nullptr;
    const DirectoryPtr directory = current_->get();
    const WallTime now = clock_.wall();
    for (const KeyedHash& hash : keys_.candidates(kPurpose, key)) {
      if (ClientPtr client = directory->find(hash, now)) return client;
    }
    return nullptr;
  }

  std::vector<ClientPtr> find(const CertificateNames& certificate) const override {
    return current_->get()->find(certificate);
  }

  std::vector<ClientPtr> list() const override { return current_->get()->list(); }

  void add(Client client, store::Poster back, std::function<void(Result<Added>)> done) override;
  void rotate(ClientId client, Duration overlap, store::Poster back, std::function<void(Result<Added>)> done) override;
  void remove(ClientId client, store::Poster back, std::function<void(Result<void>)> done) override;
  void tend() override;

 private:
  Result<void> changeable(const ClientId& client) const;
  Result<ClientEntry> entry_of(ConfiguredClient configured) const;

  store::Database& database_;
  const Keys& keys_;
  const Clock& clock_;
  Random& random_;
  Log& log_;
  const std::shared_ptr<ClientUses> uses_;
  const std::shared_ptr<CurrentClients> current_;
};

Result<ClientEntry> StoredClients::entry_of(ConfiguredClient configured) const {
  Client& client = configured.client;
  if (const auto fits = check(client); !fits) return fits.error();
  client.from_configuration = true;
  ClientEntry entry;
  entry.certificate = std::move(configured.certificate);
  client.use = uses_->of({client.tenant, client.id});
  const std::size_t length = configured.key.reveal().size();
  const bool by_certificate_alone = length == 0 && entry.certificate;
  if (!by_certificate_alone && (length < kShortestKey || length > kLongestKey)) {
    return invalid(client, "its key has " + std::to_string(length) + " characters; 16 to 1024 are allowed");
  }
  for (const Secret* key : {&configured.key, &configured.previous_key})
    if (!key->empty()) entry.keys.push_back({keys_.hash(kPurpose, key->reveal())});
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
  if (current_->get()->find(ClientId(client.tenant, client.id)))
    return done(
        fail(Code::conflict, "tenant " + client.tenant + " has a client \"" + client.id + "\" already", "clients"));
  auto key = std::make_shared<Secret>(new_token(kPrefix, random_));
  auto row = std::make_shared<const ClientRow>(ClientRow{std::move(client), keys_.hash(kPurpose, key->reveal())});
  auto job = [row, now = clock_.wall(), &keys = keys_](store::Connection& connection) {
    return insert_client(connection, keys, *row, now);
  };
  auto answer = [row, key, current = current_, &log = log_, done = std::move(done)](const Result<void>& written) {
    if (!written) return done(written.error());
    if (const auto entered = current->put({*row}); !entered) return done(entered.error());
    log.info("client.added", {{"tenant", row->client.tenant}, {"client", row->client.id}});
    done(Added{current->get()->find(ClientId(row->client.tenant, row->client.id)), std::move(*key), {}});
  };
  database_.write(std::move(job), std::move(back), std::move(answer));
}

// Error: not_found, or conflict.
Result<void> StoredClients::changeable(const ClientId& id) const {
  const ClientPtr client = current_->get()->find(id);
  if (!client) return fail(Code::not_found, "tenant " + id.first + " has no client \"" + id.second + "\"", "clients");
  if (!client->from_configuration) return {};
  return fail(Code::conflict,
              "client \"" + id.second + "\" stands in the hub's configuration; change it there, then send SIGHUP",
              "clients");
}

void StoredClients::rotate(ClientId client, Duration overlap, store::Poster back,
                           std::function<void(Result<Added>)> done) {
  if (const auto can = changeable(client); !can) return done(can.error());
  auto key = std::make_shared<Secret>(new_token(kPrefix, random_));
  auto rows = std::make_shared<std::vector<ClientRow>>();
  const WallTime now = clock_.wall(), until = now + overlap;
  auto job = [rows, client, until, now, hash = keys_.hash(kPurpose, key->reveal()),
              &keys = keys_](store::Connection& connection) -> Result<void> {
    auto rotated = rotate_key(connection, keys, client, hash, until, now);
    if (!rotated) return rotated.error();
    *rows = std::move(*rotated);
    return {};
  };
  auto answer = [rows, key, client, current = current_, &log = log_,
                 done = std::move(done)](const Result<void>& written) {
    if (!written) return done(written.error());
    if (const auto entered = current->put(*rows); !entered) return done(entered.error());
    log.info("client.rotated", {{"tenant", client.first}, {"client", client.second}});
    std::optional<WallTime> old_until;
    if (rows->size() > 1) old_until = rows->front().until;
    done(Added{current->get()->find(client), std::move(*key), old_until});
  };
  database_.write(std::move(job), std::move(back), std::move(answer));
}

void StoredClients::remove(ClientId client, store::Poster back, std::function<void(Result<void>)> done) {
  if (const auto can = changeable(client); !can) return done(can.error());
  auto job = [client](store::Connection& connection) { return delete_client(connection, client); };
  auto answer = [client, current = current_, &log = log_, done = std::move(done)](const Result<void>& written) {
    if (!written) return done(written.error());
    current->remove(client);
    log.info("client.removed", {{"tenant", client.first}, {"client", client.second}});
    done({});
  };
  database_.write(std::move(job), std::move(back), std::move(answer));
}

void StoredClients::tend() {
  const WallTime now = clock_.wall();
  if (current_->get()->has_ended_keys(now)) {
    current_->forget_ended_keys(now);
    database_.write([now](store::Connection& connection) { return delete_ended_keys(connection, now); }, {}, {});
  }
  if (auto job = uses_->next_save()) database_.write(std::move(job), {}, {});
}

// Insists: a destructor can't say that there was no memory.
StoredClients::~StoredClients() {
  insist([this] {
    if (auto job = uses_->next_save()) database_.write(std::move(job), {}, {});
  });
}

} // namespace

Result<std::unique_ptr<Clients>> Clients::make(store::Database& database, const Keys& keys, const Clock& clock,
                                               Random& random, Log& log, Metrics& metrics) {
  Counter& damaged = damaged_rows(metrics);
  std::vector<ClientRow> stored;
  auto uses = std::make_shared<ClientUses>();
  const auto read = database.read_now([&](store::Connection& connection) -> Result<void> {
    auto rows = load_clients(connection, keys, log, damaged);
    if (!rows) return rows.error();
    stored = std::move(*rows);
    return uses->load(connection);
  });
  if (!read) return read.error();
  auto clients = std::make_unique<StoredClients>(database, keys, clock, random, log, std::move(uses), stored);
  if (const auto begun = clients->configure({}); !begun) return begun.error();
  return std::unique_ptr<Clients>(std::move(clients));
}

} // namespace plugboard::session
