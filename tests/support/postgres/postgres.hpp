// A PostgreSQL server of a test's own: made in a temporary folder, on a free port of the loopback, gone with its
// object. The superuser is "postgres", its password over TCP kPassword; over the Unix socket no password is asked. It
// never runs as root: as root it is given to the user "postgres", else "nobody". [one thread, the one that made it]
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace plugboard::test {

class Postgres {
 public:
  static constexpr const char* kPassword = "open sesame";

  static bool installed(); // when not, a test says so and fails

  Postgres(); // running; throws what went wrong
  ~Postgres();
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;

  int port() const { return port_; }

  std::string socket_folder() const { return folder_.string(); } // a host for libpq

  // From the next start on: TLS for those who want it, with this certificate (PEM, as the key).
  void use_tls(const std::string& certificate, const std::string& key);

  void start();    // on the same port, and takes connections when it returns
  void stop();     // in order: who is connected is told
  void stop_now(); // as if it crashed: in the midst of queries

  // As superuser, any number of statements. The rows of the last one, as text; null is "". Throws the server's message.
  using Rows = std::vector<std::vector<std::string>>;
  Rows run(const std::string& sql, const std::string& database = "postgres") const;
  void load(const std::filesystem::path& script) const; // through psql; throws when a statement fails

 private:
  pid_t spawn(const std::vector<std::string>& command, const std::string& input = "/dev/null") const;
  void wait_until_it_answers();
  void end(int signal);

  void give(const std::filesystem::path& path) const; // to the server's user

  std::filesystem::path folder_, log_;
  bool tls_ = false;
  int port_ = 0;
  pid_t process_ = 0;
};

} // namespace plugboard::test
