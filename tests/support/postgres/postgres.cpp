#include "tests/support/postgres/postgres.hpp"

#include "tests/support/free_port.hpp"

#include <libpq-fe.h>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;

// The folder of the newest server's programs, where Debian puts them; empty when there is none.
fs::path programs() {
  fs::path newest;
  std::error_code nothing;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", nothing))
    if (auto folder = version.path() / "bin"; fs::exists(folder / "initdb") && folder > newest) newest = folder;
  return newest;
}

struct Account {
  uid_t user = 0;
  gid_t group = 0;
};

Account server_account() {
  if (::geteuid() != 0) return {::geteuid(), ::getegid()};
  for (const char* name : {"postgres", "nobody"})
    if (const auto* entry = ::getpwnam(name)) return {entry->pw_uid, entry->pw_gid};
  throw std::runtime_error("PostgreSQL refuses root, and there is no user postgres or nobody");
}

// Between fork and exec: only what may be called there.
[[noreturn]] void become(const Account& account, const char* input, const char* log, char* const* arguments) {
  const int from = ::open(input, O_RDONLY);
  const int file = ::open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (from >= 0 && file >= 0 && ::dup2(from, 0) >= 0 && ::dup2(file, 1) >= 0 && ::dup2(file, 2) >= 0) {
    const bool root = ::geteuid() == 0;
    const bool changed =
        !root || (::setgroups(0, nullptr) == 0 && ::setgid(account.group) == 0 && ::setuid(account.user) == 0);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT); // no server outlives its test
    if (changed && ::chdir("/") == 0) ::execv(arguments[0], arguments);
  }
  ::_exit(127);
}

int exit_status(pid_t process) {
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

std::string read_file(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;

} // namespace

bool Postgres::installed() {
  return !programs().empty();
}

Postgres::Postgres() {
  std::string name = (fs::temp_directory_path() / "plugboard-pg-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder for PostgreSQL");
  folder_ = name;
  log_ = folder_ / "log";
  std::ofstream(folder_ / "password") << kPassword;
  give(folder_);
  give(folder_ / "password");
  const auto maker = spawn({(programs() / "initdb").string(), "-D", (folder_ / "data").string(), "-U", "postgres", "-E",
                            "UTF8", "--locale=C.UTF-8", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256",
                            "--pwfile=" + (folder_ / "password").string()});
  if (exit_status(maker) != 0) throw std::runtime_error("initdb failed: " + read_file(log_));
  port_ = free_port();
  start();
}

Postgres::~Postgres() {
  end(SIGQUIT);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Postgres::give(const fs::path& path) const {
  const auto account = server_account();
  if (::chown(path.c_str(), account.user, account.group) != 0)
    throw std::runtime_error("can't give " + path.string() + " to PostgreSQL's user");
}

void Postgres::use_tls(const std::string& certificate, const std::string& key) {
  const std::pair<fs::path, const std::string&> files[] = {{folder_ / "server.crt", certificate},
                                                           {folder_ / "server.key", key}};
  for (const auto& [path, text] : files) {
    std::ofstream(path) << text;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write); // else it refuses its key
    give(path);
  }
  tls_ = true;
}

pid_t Postgres::spawn(const std::vector<std::string>& command, const std::string& input) const {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const auto& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const auto account = server_account();
  const auto log = log_.string();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("can't start " + command[0]);
  if (child == 0) become(account, input.c_str(), log.c_str(), arguments.data());
  return child;
}

void Postgres::start() {
  std::vector<std::string> command{(programs() / "postgres").string(),
                                   "-D",
                                   (folder_ / "data").string(),
                                   "-p",
                                   std::to_string(port_),
                                   "-k",
                                   folder_.string(),
                                   "-c",
                                   "listen_addresses=127.0.0.1",
                                   "-c",
                                   "fsync=off",
                                   "-c",
                                   "shared_buffers=16MB",
                                   "-c",
                                   "max_connections=40",
                                   "-c",
                                   "autovacuum=off"};
  if (tls_)
    command.insert(command.end(), {"-c", "ssl=on", "-c", "ssl_cert_file=" + (folder_ / "server.crt").string(), "-c",
                                   "ssl_key_file=" + (folder_ / "server.key").string()});
  process_ = spawn(command);
  wait_until_it_answers();
}

void Postgres::wait_until_it_answers() {
  const auto port = std::to_string(port_);
  const auto folder = folder_.string();
  const char* names[] = {"host", "port", "dbname", "user", nullptr};
  const char* values[] = {folder.c_str(), port.c_str(), "postgres", "postgres", nullptr};
  for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);;) {
    if (PQpingParams(names, values, 0) == PQPING_OK) return;
    if (::waitpid(process_, nullptr, WNOHANG) != 0) {
      process_ = 0;
      throw std::runtime_error("PostgreSQL did not start: " + read_file(log_));
    }
    if (std::chrono::steady_clock::now() > end)
      throw std::runtime_error("PostgreSQL does not answer: " + read_file(log_));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

void Postgres::end(int signal) {
  if (process_ <= 0) return;
  ::kill(process_, signal);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

void Postgres::stop() {
  end(SIGINT);
}

void Postgres::stop_now() {
  end(SIGQUIT);
}

void Postgres::load(const fs::path& script) const {
  const auto psql = spawn({(programs() / "psql").string(), "-h", socket_folder(), "-p", std::to_string(port_), "-U",
                           "postgres", "-d", "postgres", "-X", "-q", "-v", "ON_ERROR_STOP=1"},
                          script.string());
  if (exit_status(psql) != 0) throw std::runtime_error("psql failed: " + read_file(log_));
}

Postgres::Rows Postgres::run(const std::string& sql, const std::string& database) const {
  const auto port = std::to_string(port_);
  const auto folder = folder_.string();
  const char* names[] = {"host", "port", "dbname", "user", "client_encoding", nullptr};
  const char* values[] = {folder.c_str(), port.c_str(), database.c_str(), "postgres", "UTF8", nullptr};
  const Connection connection(PQconnectdbParams(names, values, 0), &PQfinish);
  PQsetNoticeReceiver(
      connection.get(), [](void*, const PGresult*) {}, nullptr);
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection.get(), sql.c_str()), &PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(PQerrorMessage(connection.get()));
  Rows rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    rows.emplace_back();
    for (int column = 0; column < PQnfields(result.get()); ++column)
      rows.back().emplace_back(PQgetvalue(result.get(), row, column));
  }
  return rows;
}

} // namespace plugboard::test
