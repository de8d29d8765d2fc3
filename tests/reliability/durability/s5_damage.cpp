// S5: bytes of the store's files are flipped, cut off, zeroed, pages swapped, while the hub is down. It refuses to
// start and says what to do, or it serves: then nobody's session shows another customer, no revoked one lives, and it
// does not crash. What damage to the write-ahead log alone can do: take back the last commits, as if they had not been
// made.
#include "tests/reliability/durability/hub_clients.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4096;

struct Known { // a session, from when it was made
  std::string token, subject, customer;
  bool revoked = false;
  bool brought_home = false; // it, and its end, were in the main file and not only in the log
};

std::string bytes_of_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string damage(std::string& bytes, std::mt19937_64& random) {
  const auto at = random() % bytes.size();
  const auto page = [&](std::size_t number) { return number * kPage; };
  const auto pages = bytes.size() / kPage;
  switch (random() % 6) {
  case 0:
    for (auto flips = 1 + random() % 16; flips > 0; --flips) bytes[random() % bytes.size()] ^= 1 << random() % 8;
    return "flips";
  case 1: { // in what names a customer, where SQLite sees nothing
    const auto name = bytes.find(random() % 2 == 0 ? "@shop.example" : "cus_", at);
    const auto hit = name == std::string::npos ? at : name - 1 + random() % 20;
    bytes[std::min(hit, bytes.size() - 1)] ^= 1;
    return "a flip in an identifier";
  }
  case 2: { // in what says whose token that is: hexadecimal digits
    const auto name = bytes.find("default", at);
    bytes[std::min(name == std::string::npos ? at : name + random() % 200, bytes.size() - 1)] ^= 1;
    return "a flip in a row";
  }
  case 3:
    bytes.resize(at);
    return "cut off";
  case 4:
    if (pages == 0) break;
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(page(random() % pages)), kPage, '\0');
    return "a page of zeros";
  default:
    if (pages < 2) break;
    const auto a = page(random() % pages), b = page(random() % pages);
    std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(a),
                     bytes.begin() + static_cast<std::ptrdiff_t>(a + kPage),
                     bytes.begin() + static_cast<std::ptrdiff_t>(b));
    return "pages swapped";
  }
  bytes[at] ^= 0x55;
  return "a byte";
}

class Damage {
 public:
  explicit Damage(Showing& showing) : showing_(showing), hub_(durable_hub()) {}

  std::string run(int rounds) {
    make_history();
    for (int round = 0; round < rounds; ++round) one_round(round);
    return std::to_string(rounds) + " damages: " + std::to_string(showing_.counted("refused starts")) +
           " starts refused, " + std::to_string(showing_.counted("served")) + " served; " +
           std::to_string(showing_.counted("sessions shown")) + " sessions shown right, " +
           std::to_string(showing_.counted("shown wrong")) + " wrong, " + std::to_string(showing_.counted("risen")) +
           " risen, " + std::to_string(showing_.counted("sessions withheld")) + " withheld";
  }

 private:
  void make_history() {
    begin();
    write(200, 60, true);
    if (hub_.stop() != 0) throw std::runtime_error("it does not stop");
    keep(with_log_home_);
    begin();
    write(100, 30, false);
    hub_.kill();
    keep(with_log_);
  }

  void begin() {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
  }

  void write(std::size_t sessions, std::size_t revoked, bool brought_home) {
    auto connection = Connection::tcp(hub_.port());
    Ledger ledger;
    const auto first = known_.size();
    for (std::size_t i = 0; i < sessions; ++i) {
      const auto subject = subject_of(showing_.random());
      const auto answer = connection->ask({.path = "/v1/sessions", .key = kDesk, .body = login_of(subject)});
      const auto json = answer.json();
      known_.push_back({json.text("/session"), subject, json.text("/customer/id"), false, brought_home});
      customers_[subject] = json.text("/customer/id");
    }
    for (std::size_t i = 0; i < revoked; ++i) {
      auto& session = known_[first + i * sessions / revoked];
      connection->ask({.path = "/v1/sessions/revoke", .key = kDesk, .body = with_session(session.token)});
      session.revoked = true;
    }
  }

  using Image = std::map<std::string, std::string>; // files of the store

  void keep(Image& image) {
    for (const char* file : {"plugboard.db", "plugboard.db-wal", "plugboard.db-shm"})
      if (fs::exists(place(file))) image[file] = bytes_of_file(place(file));
  }

  std::string place(const std::string& file) const { return hub_.folder() / ("var/" + file); }

  void one_round(int round) {
    auto image = round % 2 == 0 ? with_log_home_ : with_log_;
    auto which = image.begin();
    std::advance(which, static_cast<std::ptrdiff_t>(showing_.random() % image.size()));
    while (which->second.empty()) which = image.begin();
    const auto what =
        "round " + std::to_string(round) + ", " + damage(which->second, showing_.random) + " in " + which->first;
    for (const char* file : {"plugboard.db", "plugboard.db-wal", "plugboard.db-shm"}) fs::remove(place(file));
    for (const auto& [file, bytes] : image) std::ofstream(place(file), std::ios::binary) << bytes;
    showing_.count("damages");
    if (!hub_.start()) return refused(what);
    showing_.count("served");
    const bool log_is_whole = which->first != "plugboard.db-wal";
    for (const auto& session : known_) {
      if (!session.brought_home && image.size() == 1) continue; // this image is older
      if (!look_at(session, log_is_whole, what)) break;
    }
    log_in_again(what);
    showing_.holds(hub_.runs(), what + ": the hub died: " + last_words());
    hub_.kill();
  }

  std::string last_words() {
    const auto log = hub_.process().err();
    return log.substr(log.size() - std::min<std::size_t>(log.size(), 500));
  }

  void refused(const std::string& what) {
    showing_.count("refused starts");
    const auto log = hub_.process().err();
    const bool clear = log.find("\"store.unusable\"") != std::string::npos && log.find("restore") != std::string::npos;
    showing_.holds(hub_.process().ended() == 1 && clear, what + ": it does not start, and says: " + last_words());
  }

  // False: the hub is gone.
  bool look_at(const Known& session, bool log_is_whole, const std::string& what) {
    auto connection = Connection::tcp(hub_.port());
    if (!connection) return showing_.holds(false, what + ": no connection: " + last_words());
    const auto answer =
        connection->ask({.path = "/v1/sessions/introspect", .key = kDesk, .body = with_session(session.token)});
    if (answer.status != 200) {
      showing_.count("sessions withheld");
      return showing_.holds(answer.status == 503 || answer.status == 500, what + ": " + answer.body) || true;
    }
    const auto json = answer.json();
    if (!json.has("/customer")) {
      if (!session.revoked) showing_.count("sessions withheld");
      return true;
    }
    const bool right = json.text("/customer/id") == session.customer &&
                       json.text("/customer/identifiers/0/value") == session.subject + "@shop.example" &&
                       json.text("/customer/identifiers/1/value") == "id-" + session.subject;
    showing_.count(right ? "sessions shown" : "shown wrong");
    showing_.holds(right, what + ": the session of " + session.subject + " is shown as " + answer.body);
    if (!session.revoked) return true;
    if (!session.brought_home && !log_is_whole) {
      showing_.count("revocations taken back with the end of the log");
      return true;
    }
    showing_.count("risen");
    return showing_.holds(false, what + ": a revoked session lives") || true;
  }

  // Whoever logs in is who they were, or is refused, or new where the row is lost; never somebody else.
  void log_in_again(const std::string& what) {
    for (const auto& [subject, customer] : customers_) {
      auto connection = Connection::tcp(hub_.port());
      if (!connection) return;
      const auto answer = connection->ask({.path = "/v1/sessions", .key = kDesk, .body = login_of(subject)});
      if (answer.status != 201) {
        showing_.holds(answer.status == 503, what + ": a login is answered " + answer.body);
        continue;
      }
      const auto id = answer.json().text("/customer/id");
      const bool anothers = std::any_of(customers_.begin(), customers_.end(), [&, mine = subject](const auto& other) {
        return other.first != mine && other.second == id;
      });
      showing_.holds(!anothers, what + ": " + subject + " logs in as another customer");
      if (id != customer) showing_.count("customers lost");
    }
  }

  Showing& showing_;
  HubProcess hub_;
  std::vector<Known> known_;
  std::map<std::string, std::string> customers_; // by subject
  Image with_log_home_, with_log_;
};

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "S5", [](Showing& showing) { return Damage(showing).run(showing.full ? 2000 : 50); });
}
