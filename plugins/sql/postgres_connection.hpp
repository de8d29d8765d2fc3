// One connection to a PostgreSQL server, read-only by its session. Nothing it does blocks past a deadline or a
// cancellation. Used by one thread at a time.
#pragma once

#include "plugins/sql/config.hpp"
#include "plugins/sql/value.hpp"

#include <libpq-fe.h>

#include <functional>
#include <memory>

namespace plugboard::sql {

// What interrupts a wait, besides what is waited for.
struct Patience {
  Clock::time_point deadline;
  std::stop_token stop;
};

struct Reached { // where one of the server's hosts is to be connected to
  std::string host, address;
  std::uint16_t port = 0;
};

struct Login {
  const PostgresServer& server;
  std::vector<Reached> places;  // tried in order
  std::string password;         // wiped by who made it
  std::string root_certificate; // where it lies for us
  std::chrono::milliseconds statement_timeout;
};

class PostgresConnection {
 public:
  enum class State : std::uint8_t {
    idle = 1, // ready for the next question
    running,  // the server may still be at work on the last one: to be cancelled and closed
    broken,   // to be closed
    stale     // broken before the question was run: it may be asked again on another connection
  };

  static Result<std::unique_ptr<PostgresConnection>> connect(const Login& login, std::size_t sections,
                                                             const Patience& patience);
  ~PostgresConnection();
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;

  bool alive(); // of an idle one: the server has not hung up

  State state() const { return state_; }

  int process() const { return PQbackendPID(connection_); } // of the server, to cancel what it does

  Result<std::vector<std::string>> columns(std::size_t section, const Query& query, const Patience& patience);
  Result<Table> ask(const Ask& ask, const Query& query);
  void cancel(int process, const Patience& patience); // what another connection of ours is doing

 private:
  enum class Wait : std::uint8_t { ready = 1, expired, stopped };
  using OnResult = std::function<std::optional<Failure>(PGresult*)>;

  explicit PostgresConnection(std::size_t sections);
  std::optional<Failure> finish_connecting(const Patience& patience);
  Wait wait(short events, const Patience& patience) const;
  Failure give_up(Wait why);
  Failure lost();
  std::optional<Failure> flush(const Patience& patience);
  std::optional<Failure> collect(const Patience& patience, const OnResult& on_result);
  std::optional<Failure> collect_to_end(const Patience& patience, const OnResult& on_result);
  std::optional<Failure> prepare(std::size_t section, const Query& query, const Patience& patience);
  static void on_notice(void* connection, const PGresult* notice);
  Failure refused(PGresult* result, const Query* query) const;

  PGconn* connection_ = nullptr;
  int wake_ = -1; // an eventfd: a cancellation ends poll()
  State state_ = State::idle;
  bool farewell_ = false; // the server said that it ends this connection
  std::vector<bool> prepared_;
};

} // namespace plugboard::sql
