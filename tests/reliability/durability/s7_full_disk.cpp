// S7: the hub's data lies on a small file system of this program's own, which fills up at one write after the other.
// Sessions go on, writes are refused with 503, nothing acknowledged is lost, and once there is room again the same hub
// writes again. And where only its log has no room, or nobody reads it any more, nothing at all is refused.
#include "tests/reliability/durability/hub_clients.hpp"
#include "tests/support/sqlite.hpp"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sched.h>

namespace plugboard::test {
namespace {

constexpr std::size_t kBlock = 4096; // what a small file system counts in

bool write_whole(const char* file, const std::string& text) {
  std::ofstream out(file);
  out << text << std::flush;
  return out.good();
}

// Mounts made from here on are this process's and its children's. "": done; else why not.
std::string enter_own_mounts() {
  const auto uid = std::to_string(::getuid()), gid = std::to_string(::getgid());
  if (::unshare(CLONE_NEWNS) != 0) {
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return std::string("no mount namespace: ") + std::strerror(errno);
    if (!write_whole("/proc/self/setgroups", "deny") || !write_whole("/proc/self/uid_map", "0 " + uid + " 1") ||
        !write_whole("/proc/self/gid_map", "0 " + gid + " 1"))
      return "the user namespace can't be mapped";
  }
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return std::string("mounts can't be made private: ") + std::strerror(errno);
  return {};
}

class SmallDisk { // a tmpfs
 public:
  SmallDisk(std::string path, const char* size) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    const auto options = std::string("mode=0700,size=") + size;
    if (::mount("tmpfs", path_.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0)
      throw std::runtime_error("cannot mount a small disk: " + std::string(std::strerror(errno)));
  }

  ~SmallDisk() { ::umount2(path_.c_str(), MNT_DETACH); }

  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  void fill(std::size_t but_for_blocks) { // and no more
    const int ballast = ::open((path_ + "/ballast").c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string block(kBlock, 'x');
    while (::write(ballast, block.data(), block.size()) == static_cast<ssize_t>(block.size())) {}

    struct stat status {};

    ::fstat(ballast, &status);
    const auto size = static_cast<std::size_t>(status.st_size);
    const auto kept = size - std::min(size, but_for_blocks * kBlock);
    if (::ftruncate(ballast, static_cast<off_t>(kept)) != 0) throw std::runtime_error("cannot cut the ballast");
    ::close(ballast);
  }

  void free() { std::filesystem::remove(path_ + "/ballast"); }

 private:
  std::string path_;
};

class FullDisk {
 public:
  explicit FullDisk(Showing& showing) : showing_(showing), hub_(durable_hub()), disk_(hub_.folder() / "var", "6m") {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    connection_ = Connection::tcp(hub_.port());
  }

  void run(int rounds) {
    kept_ = created();
    for (int round = 0; round < rounds; ++round) one_round(static_cast<std::size_t>(round));
    disk_.free();
    showing_.holds(hub_.stop() == 0, "the hub did not stop well");
    const auto whole = run_sqlite(hub_.folder() / "var/plugboard.db", "PRAGMA integrity_check")[0][0];
    showing_.holds(whole == "ok", "the file afterwards: " + whole);
    if (!hub_.start()) throw std::runtime_error("the hub does not start again: " + hub_.raw_log());
    connection_ = Connection::tcp(hub_.port());
    ledger_.compare(asked_over(*connection_), 0, showing_);
  }

  const Ledger& ledger() const { return ledger_; }

 private:
  std::string created() {
    const auto token = try_create(*connection_, subject_of(showing_.random()), ledger_);
    if (!token) throw std::runtime_error("no session could be made though there was room: " + hub_.raw_log());
    return *token;
  }

  // Fills the disk but for some blocks, so that each round the room ends at another write; then until nothing goes.
  void one_round(std::size_t number) {
    disk_.fill(number % 24);
    int refused = 0;
    for (int i = 0; i < 60 && refused < 8; ++i) refused += write_something(i) ? 0 : 1;
    showing_.holds(refused > 0, "the disk did not become full in round " + std::to_string(number));
    showing_.count("refused writes", refused);
    reads_go_on();
    disk_.free();
    showing_.holds(eventually([&] { return writes_again(); }, std::chrono::seconds(5)),
                   "no write after room was made, in round " + std::to_string(number));
    showing_.count("rounds");
  }

  bool write_something(int which) {
    if (which % 4 == 3) return add_client();
    if (which % 4 == 2) return revoke_one();
    const auto answer = connection_->ask({.path = "/v1/sessions", .key = kDesk, .body = login_of("u-1")});
    if (answer.status == 201) {
      ledger_.created(answer.json().text("/session"), "u-1", answer.json().text("/customer/id"));
      mine_.push_back(answer.json().text("/session"));
      return true;
    }
    return refused_well(answer, "a session");
  }

  bool add_client() {
    const auto id = "c-" + std::to_string(++clients_);
    auto admin = Connection::unix(hub_.admin_socket());
    if (!admin) throw std::runtime_error("no admin socket");
    const auto answer =
        admin->ask({.path = "/admin/v1/clients",
                    .body = R"({"id": ")" + id + R"(", "sections": ["*"], "scopes": ["context:read"]})"});
    if (answer.status == 201) ledger_.added(id, answer.json().text("/key"));
    return answer.status == 201 || refused_well(answer, "a client");
  }

  bool revoke_one() {
    if (mine_.empty()) return true;
    const auto token = mine_.back();
    mine_.pop_back();
    ledger_.revoking(token);
    const auto answer = connection_->ask({.path = "/v1/sessions/revoke", .key = kDesk, .body = with_session(token)});
    if (answer.status == 204) ledger_.revoked(token);
    return answer.status == 204 || refused_well(answer, "a revocation");
  }

  bool refused_well(const Answer& answer, const std::string& what) {
    showing_.holds(answer.status == 503 &&
                       (answer.problem() == "overloaded" || answer.problem() == "audit-unavailable") &&
                       !answer.header("retry-after").empty(),
                   what + " on a full disk is answered " + std::to_string(answer.status) + " " + answer.body);
    return false;
  }

  void reads_go_on() {
    const auto introspected =
        connection_->ask({.path = "/v1/sessions/introspect", .key = kDesk, .body = with_session(kept_)});
    showing_.holds(shown_or_not_on_record(introspected), "a session that was there: " + introspected.body);
    const auto context = connection_->ask({.path = "/v1/context", .key = kDesk, .body = with_session(kept_)});
    showing_.holds(shown_or_not_on_record(context), "a context on a full disk is answered " + context.body);
    showing_.holds(connection_->ask({.method = "GET", .path = "/healthz", .body = {}}).status == 200,
                   "it is not alive");
  }

  // What can't be put on record is not shown; D8 looks closer.
  static bool shown_or_not_on_record(const Answer& answer) {
    return answer.status == 200 ? answer.json().has("/customer") : answer.problem() == "audit-unavailable";
  }

  bool writes_again() {
    const auto token = try_create(*connection_, subject_of(showing_.random()), ledger_);
    if (token) mine_.push_back(*token);
    return token.has_value();
  }

  Showing& showing_;
  HubProcess hub_;
  SmallDisk disk_;
  std::optional<Connection> connection_;
  Ledger ledger_;
  std::string kept_;
  std::vector<std::string> mine_;
  int clients_ = 0;
};

// A hub whose log goes where the test says: the daemon under a shell that joins its standard error to a file or pipe.
class LoggingElsewhere {
 public:
  explicit LoggingElsewhere(const std::string& log) {
    const auto config = durable_hub();
    folder_.write("plugboard.json", config.text());
    folder_.write("keys/k1", "the hub's own key in this test: 32 bytes and more\n");
    process_ = std::make_unique<Process>(
        std::vector<std::string>{"/bin/sh", "-c", "exec \"$0\" --config \"$1\" 2>>\"$2\"",
                                 HubProcess::process_command(), folder_ / "plugboard.json", log},
        config.environment);
  }

  // Sessions still come and go.
  bool serves(int port) {
    Ledger ledger;
    auto connection = Connection::tcp(port);
    return connection && try_create(*connection, "u-1", ledger).has_value() && !process_->ended();
  }

  bool stops() {
    process_->send(SIGTERM);
    return process_->wait() == 0;
  }

 private:
  TempFolder folder_;
  std::unique_ptr<Process> process_;
};

std::optional<int> port_in(const std::string& log) {
  const auto ready = log.find("\"hub.ready\"");
  const auto agents = log.find("\"agents\":\"127.0.0.1:", ready);
  if (ready == std::string::npos || agents == std::string::npos || log.find('\n', agents) == std::string::npos)
    return std::nullopt;
  return std::stoi(log.substr(agents + 20));
}

void log_on_a_full_disk(Showing& showing) {
  const TempFolder folder;
  SmallDisk disk(folder / "logs", "64k");
  const auto log = folder / "logs/hub.log";
  LoggingElsewhere hub(log);
  if (!eventually([&] { return port_in(read_text(log)).has_value(); }))
    throw std::runtime_error("the hub says nothing");
  const int port = *port_in(read_text(log));
  disk.fill(0);
  for (int i = 0; i < 300; ++i) // more events than fit into what the last block has left
    showing.holds(hub.serves(port), "with its log's disk full the hub does not serve");
  const auto size = std::filesystem::file_size(log);
  disk.free();
  showing.holds(hub.serves(port) && std::filesystem::file_size(log) > size,
                "the log does not go on when there is room");
  showing.holds(hub.stops(), "it does not stop well");
}

void log_that_nobody_reads(Showing& showing) {
  const TempFolder folder;
  const auto pipe = folder / "pipe";
  if (::mkfifo(pipe.c_str(), 0600) != 0) throw std::runtime_error("no pipe");
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  LoggingElsewhere hub(pipe);
  std::string log;
  const bool ready = eventually([&] {
    char chunk[4096];
    for (ssize_t got = 0; (got = ::read(reader, chunk, sizeof chunk)) > 0;)
      log.append(chunk, static_cast<std::size_t>(got));
    return port_in(log).has_value();
  });
  ::close(reader);
  if (!ready) throw std::runtime_error("the hub says nothing");
  for (int i = 0; i < 10; ++i) showing.holds(hub.serves(*port_in(log)), "with its log's pipe closed it does not serve");
  showing.holds(hub.stops(), "it does not stop well");
}

std::string show(Showing& showing) {
  if (const auto why = enter_own_mounts(); !why.empty()) {
    showing.skip("a full disk, since this machine gives " + why);
    return {};
  }
  FullDisk full(showing);
  full.run(showing.full ? 240 : 24);
  log_on_a_full_disk(showing);
  log_that_nobody_reads(showing);
  return std::to_string(showing.counted("rounds")) + " times full, " +
         std::to_string(showing.counted("refused writes")) + " writes refused with 503, " +
         std::to_string(full.ledger().acknowledged()) + " acknowledged, " + std::to_string(full.ledger().lost()) +
         " lost";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "S7", plugboard::test::show);
}
