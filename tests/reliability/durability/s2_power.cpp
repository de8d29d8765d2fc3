// S2: the power goes at random moments while sessions and clients are written through the real rooms, on a disk that
// forgets, tears and reorders what was not flushed, files' names included. What was acknowledged is there afterwards.
// The control arm, with synchronous=NORMAL, must lose something: else this would show nothing.
#include "core/base/ids.hpp"
#include "core/session/clients.hpp"
#include "core/session/sessions.hpp"
#include "tests/reliability/durability/ledger.hpp"
#include "tests/support/process.hpp"
#include "tests/support/sqlite.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/unit/store/faulty_disk.hpp"

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

namespace plugboard::test {
namespace {

using session::Sessions;

session::Keys keys() {
  std::map<std::string, Secret> keys;
  keys.emplace("k1", Secret(std::string(40, 'x')));
  return session::Keys::make("k1", std::move(keys)).value();
}

// The rooms as the daemon builds them, over a disk of ours.
class Rooms {
 public:
  Rooms(const std::string& file, const std::string& vfs, bool flush, int checkpoint_pages) {
    store::Database::Options options;
    options.path = file;
    options.vfs = vfs;
    options.flush = flush;
    options.checkpoint_pages = checkpoint_pages;
    auto opened = store::Database::open(options, *log_, metrics_);
    if (!opened) throw std::runtime_error(to_string(opened.error()));
    database_ = std::move(*opened);
    auto clients = session::Clients::make(*database_, keys_, clock_, random_, *log_, metrics_);
    if (!clients) throw std::runtime_error(to_string(clients.error()));
    clients_ = std::move(*clients);
    auto sessions = Sessions::make(*database_, keys_, {}, clock_, random_, *log_, metrics_);
    if (!sessions) throw std::runtime_error(to_string(sessions.error()));
    sessions_ = std::move(*sessions);
  }

  ~Rooms() {
    sessions_.reset(); // before the database, which answers what it still asks
    database_.reset();
  }

  Rooms(const Rooms&) = delete;
  Rooms& operator=(const Rooms&) = delete;

  std::optional<std::pair<std::string, session::AccessPtr>> create(const std::string& subject) {
    session::Proved proved;
    proved.tenant = "default";
    proved.issuer = "shop.example";
    proved.subject = subject;
    proved.assurance = Assurance::aal1;
    proved.authenticated_at = clock_.wall();
    proved.identifiers = {{"email", subject, true, "login"}};
    std::promise<Result<session::Created>> told;
    sessions_->create(std::move(proved), "desk", {}, [&](auto created) { told.set_value(std::move(created)); });
    auto created = told.get_future().get();
    if (!created) return std::nullopt;
    return std::pair(std::string(created->token.reveal()), created->access);
  }

  bool revoke(const std::string& token) {
    std::promise<Result<void>> told;
    sessions_->revoke(token, "default", "desk", {}, [&](auto revoked) { told.set_value(std::move(revoked)); });
    return told.get_future().get().has_value();
  }

  std::optional<std::string> add_client(const std::string& id) {
    session::Client client;
    client.id = id;
    std::promise<Result<session::Clients::Added>> told;
    clients_->add(std::move(client), {}, [&](auto added) { told.set_value(std::move(added)); });
    auto added = told.get_future().get();
    if (!added) return std::nullopt;
    return std::string(added->key.reveal());
  }

  Ledger::Hub asked() {
    return {[this](const std::string& token) -> std::optional<Ledger::Seen> {
              std::promise<Result<session::AccessPtr>> told;
              sessions_->find(token, "default", "desk", {}, [&](auto found) { told.set_value(std::move(found)); });
              const auto found = told.get_future().get();
              if (!found && found.error().code != Code::not_found) throw std::runtime_error(to_string(found.error()));
              if (!found) return std::nullopt;
              return Ledger::Seen{(*found)->session.identifiers.at(0).value, (*found)->session.customer};
            },
            [this](const std::string& key) { return clients_->find(key) != nullptr; }};
  }

  // As the connection that writes has it.
  std::int64_t synchronous() {
    std::int64_t value = -1;
    const auto asked = database_->write_now([&value](store::Connection& connection) -> Result<void> {
      const auto statement = connection.prepare("PRAGMA synchronous");
      if (!statement) return statement.error();
      const auto row = (*statement)->step();
      if (!row) return row.error();
      value = (*statement)->integer(0);
      return {};
    });
    return asked ? value : -1;
  }

 private:
  const std::unique_ptr<Log> log_ = no_log();
  Metrics metrics_;
  const SystemClock clock_;
  SystemRandom random_;
  const session::Keys keys_ = keys();
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<session::Clients> clients_;
  std::unique_ptr<Sessions> sessions_;
};

// Four threads that write until this ends.
class Writers {
 public:
  Writers(Rooms& rooms, Ledger& ledger, std::uint64_t seed) : rooms_(rooms), ledger_(ledger) {
    for (std::uint64_t i = 0; i < 4; ++i) threads_.emplace_back([this, seed, i] { write(seed * 4 + i); });
  }

  ~Writers() {
    stop_ = true;
    for (auto& thread : threads_) thread.join();
  }

 private:
  void write(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::string> mine;
    for (int i = 0; !stop_; ++i) {
      const auto step = random() % 20;
      if (step == 0) {
        const auto id = "c-" + std::to_string(seed) + "-" + std::to_string(i);
        if (const auto key = rooms_.add_client(id)) ledger_.added(id, *key);
      } else if (step < 13 || mine.empty()) {
        const auto subject = "u-" + std::to_string(random() % 23);
        const auto created = rooms_.create(subject);
        if (!created) continue;
        ledger_.created(created->first, subject, created->second->session.customer);
        mine.push_back(created->first);
      } else {
        ledger_.revoking(mine.back());
        if (rooms_.revoke(mine.back())) ledger_.revoked(mine.back());
        mine.pop_back();
      }
    }
  }

  Rooms& rooms_;
  Ledger& ledger_;
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

// A disk that lives through one power loss after the other.
class Arm {
 public:
  Arm(Showing& showing, bool flush, std::int64_t synchronous)
      : showing_(showing), flush_(flush), synchronous_(synchronous), folder_(std::make_unique<TempFolder>()) {}

  void cut(int number) {
    auto after = std::make_unique<TempFolder>();
    auto writing = std::make_unique<Ledger>(*ledger_);
    {
      plugboard::testing::FaultyDisk disk("s2-" + std::to_string(number));
      Rooms rooms(*folder_ / "store.db", disk.vfs(), flush_, 8 + static_cast<int>(showing_.random() % 40));
      showing_.holds(rooms.synchronous() == synchronous_, "synchronous is " + std::to_string(rooms.synchronous()));
      Writers writers(rooms, *writing, showing_.random());
      const auto wanted = writing->acknowledged() + showing_.random() % 120;
      eventually([&] { return writing->acknowledged() >= wanted; });
      ledger_ = std::make_unique<Ledger>(*writing); // first this, then the power: what is told later does not count
      SeededRandom random(showing_.random());
      disk.lose_power(after->path(), random);
      ledger_->doubt(*writing);
    }
    folder_ = std::move(after);
    compare(number);
  }

  const Ledger& ledger() const { return *ledger_; }

 private:
  // In copies: the next life shall begin with what the power loss left.
  void compare(int number) {
    const TempFolder for_check, for_rooms;
    std::filesystem::copy(folder_->path(), for_check.path());
    std::filesystem::copy(folder_->path(), for_rooms.path());
    const auto whole = run_sqlite(for_check / "store.db", "PRAGMA integrity_check")[0][0];
    showing_.holds(whole == "ok", "after cut " + std::to_string(number) + ": " + whole);
    Rooms rooms(for_rooms / "store.db", "", true, 1000);
    ledger_->compare(rooms.asked(), 0, showing_);
  }

  Showing& showing_;
  const bool flush_;
  const std::int64_t synchronous_;
  std::unique_ptr<TempFolder> folder_;
  std::unique_ptr<Ledger> ledger_ = std::make_unique<Ledger>();
};

// Its losses are what it is for.
std::size_t lost_without_flushes(Showing& showing, int cuts) {
  Showing control(showing.random(), false);
  Arm arm(control, false, 1);
  for (int i = 0; i < cuts; ++i) {
    try {
      arm.cut(i);
    } catch (const std::exception&) { // not even a store is left: all of it is lost
      return arm.ledger().acknowledged();
    }
  }
  return arm.ledger().lost() + arm.ledger().risen();
}

std::string show(Showing& showing) {
  const int cuts = showing.full ? 300 : 60;
  Arm arm(showing, true, 2);
  for (int i = 0; i < cuts; ++i) arm.cut(i);
  const auto& ledger = arm.ledger();
  showing.holds(ledger.foreign() == 0, "a customer's id changed");
  const auto control = lost_without_flushes(showing, cuts / 4);
  showing.holds(control > 0, "with synchronous=NORMAL nothing was lost either, so this shows nothing");
  showing.count("cuts", cuts);
  showing.count("acknowledged", static_cast<std::int64_t>(ledger.acknowledged()));
  showing.count("control arm lost", static_cast<std::int64_t>(control));
  return std::to_string(cuts) + " power cuts, " + std::to_string(ledger.acknowledged()) + " acknowledged, " +
         std::to_string(ledger.lost()) + " lost, " + std::to_string(ledger.risen()) +
         " risen; control arm (synchronous=NORMAL) lost " + std::to_string(control);
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "S2", plugboard::test::show);
}
