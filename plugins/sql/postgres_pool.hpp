// The open connections to one PostgreSQL server. Lookups borrow them; one thread of the pool, the keeper, opens them,
// so that a connection that takes longer than a lookup's deadline still comes about, and cancels on the server what a
// lookup gave up. While the server is away it tries again after a growing pause, and lookups are told at once.
// [any thread]
#pragma once

#include "plugins/sql/postgres_connection.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace plugboard::sql {

class PostgresPool {
 public:
  using Connection = std::unique_ptr<PostgresConnection>;
  // [the keeper]
  using Connect = std::function<Result<Connection>(const Patience& patience)>;
  using Complain = std::function<void(std::string_view)>;

  PostgresPool(std::size_t max, std::chrono::milliseconds connect_timeout, Connect connect, Complain complain);
  ~PostgresPool();
  PostgresPool(const PostgresPool&) = delete;
  PostgresPool& operator=(const PostgresPool&) = delete;

  Result<Connection> take(const Patience& patience); // what was taken must be given back
  void give_back(Connection connection);             // in whatever state it is
  void stop();                                       // [init] twice is fine

 private:
  class Slot;
  using Lock = std::unique_lock<std::mutex>;
  Result<Connection> take_any(const Patience& patience);
  bool refused() const;
  bool work_to_do() const;
  void keep(const std::stop_token& stop);
  void open_one(Lock& lock, const std::stop_token& stop);
  void cancel_one(Lock& lock, const std::stop_token& stop);
  void settle(Lock& lock, Result<Connection> opened);

  const std::size_t max_;
  const std::chrono::milliseconds connect_timeout_;
  const Connect connect_;
  const Complain complain_;

  std::mutex mutex_;
  std::condition_variable_any available_; // for who waits in take
  std::condition_variable_any work_;      // for the keeper
  std::vector<Connection> idle_, to_cancel_;
  std::size_t open_ = 0; // idle, lent, to be cancelled, being opened
  std::size_t waiting_ = 0;
  std::optional<Failure> failure_; // why the last attempt to connect failed
  std::chrono::milliseconds pause_{0};
  Clock::time_point retry_at_{};
  bool stopped_ = false;
  std::jthread keeper_; // last: it uses all of the above
};

} // namespace plugboard::sql
