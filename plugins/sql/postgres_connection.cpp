#include "plugins/sql/postgres_connection.hpp"

#include "plugins/sql/postgres_types.hpp"
#include "plugins/sql/sqlstate.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <fstream>

namespace plugboard::sql {
namespace {

struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};

using Answer = std::unique_ptr<PGresult, Clear>;

// Makes a cancellation readable for poll(), as long as somebody waits.
class Wake {
 public:
  Wake(const std::stop_token& stop, int fd) : fd_(fd), callback_(stop, Raise{fd}) {}

  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;

  ~Wake() {
    std::uint64_t count = 0;
    while (::read(fd_, &count, sizeof count) > 0) continue; // not blocking: until there is nothing
  }

 private:
  struct Raise {
    int fd;

    void operator()() const {
      const std::uint64_t one = 1;
      [[maybe_unused]] auto written = ::write(fd, &one, sizeof one);
    }
  };

  int fd_;
  std::stop_callback<Raise> callback_;
};

std::string statement_name(std::size_t section) {
  return "s" + std::to_string(section);
}

const char* word_of(TlsMode mode) {
  switch (mode) {
  case TlsMode::disable:
    return "disable";
  case TlsMode::prefer:
    return "prefer";
  case TlsMode::require:
    return "require";
  case TlsMode::verify_ca:
    return "verify-ca";
  case TlsMode::verify_full:
    break;
  }
  return "verify-full";
}

// Lists with commas, as libpq reads them. The host is the name that TLS verifies; it is never looked up.
struct Lists {
  std::string hosts, addresses, ports;

  explicit Lists(const std::vector<Reached>& places) {
    for (const auto& place : places) {
      const char* comma = hosts.empty() ? "" : ",";
      hosts += comma + place.host;
      addresses += comma + place.address;
      ports += comma + std::to_string(place.port);
    }
  }
};

bool verified(const Login& login) {
  return login.server.sslmode == TlsMode::verify_ca || login.server.sslmode == TlsMode::verify_full;
}

const std::string& authorities(const Login& login) {
  static const std::string system = "/etc/ssl/certs/ca-certificates.crt";
  return login.root_certificate.empty() ? system : login.root_certificate;
}

PGconn* begin(const Login& login) {
  const auto& server = login.server;
  const Lists lists(login.places);
  const std::string session = "-c default_transaction_read_only=on -c standard_conforming_strings=on -c DateStyle=ISO "
                              "-c TimeZone=UTC -c IntervalStyle=iso_8601 -c statement_timeout=" +
                              std::to_string(login.statement_timeout.count());
  const std::array<std::pair<const char*, const char*>, 13> settings{{
      {"host", lists.hosts.c_str()},
      {"hostaddr", lists.addresses.c_str()},
      {"port", lists.ports.c_str()},
      {"dbname", server.dbname.c_str()},
      {"user", server.user.c_str()},
      {"password", login.password.empty() ? nullptr : login.password.c_str()},
      {"sslmode", word_of(server.sslmode)},
      {"sslrootcert", verified(login) ? authorities(login).c_str() : nullptr},
      {"gssencmode", "disable"},
      {"client_encoding", "UTF8"},
      {"application_name", "plugboard"},
      {"tcp_user_timeout", "10000"},
      {"options", session.c_str()},
  }};
  std::vector<const char*> names, values;
  for (const auto& [name, value] : settings)
    if (value) {
      names.push_back(name);
      values.push_back(value);
    }
  names.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectStartParams(names.data(), values.data(), 0);
}

} // namespace

PostgresConnection::PostgresConnection(std::size_t sections)
    : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), prepared_(sections) {}

PostgresConnection::~PostgresConnection() {
  PQfinish(connection_);
  if (wake_ >= 0) ::close(wake_);
}

Result<std::unique_ptr<PostgresConnection>> PostgresConnection::connect(const Login& login, std::size_t sections,
                                                                        const Patience& patience) {
  std::unique_ptr<PostgresConnection> made(new PostgresConnection(sections));
  if (verified(login) && !std::ifstream(authorities(login)).good()) // libpq would say: do not verify
    return Failure{Status::unreachable, "the server's certificate can't be verified, since " + authorities(login) +
                                            " can't be read: see database.postgres.root_certificate"};
  if (made->wake_ < 0) return Failure{Status::busy, "no file descriptor is left for another connection"};
  made->connection_ = begin(login);
  if (auto failure = made->finish_connecting(patience)) return *failure;
  return made;
}

std::optional<Failure> PostgresConnection::finish_connecting(const Patience& patience) {
  if (!connection_) return Failure{Status::failed, "no memory for a connection"};
  PQsetErrorVerbosity(connection_, PQERRORS_SQLSTATE);
  PQsetNoticeReceiver(connection_, &PostgresConnection::on_notice, this); // they would go to stderr
  const Wake wake(patience.stop, wake_);
  auto next = PQstatus(connection_) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
  while (next == PGRES_POLLING_READING || next == PGRES_POLLING_WRITING) {
    switch (wait(next == PGRES_POLLING_READING ? POLLIN : POLLOUT, patience)) {
    case Wait::expired:
      return Failure{Status::unreachable, "the server did not take the connection in time"};
    case Wait::stopped:
      return Failure{Status::cancelled, "the hub no longer waits"};
    case Wait::ready:
      break;
    }
    next = PQconnectPoll(connection_);
  }
  if (next != PGRES_POLLING_OK) return failure_of_connecting(PQerrorMessage(connection_));
  PQsetErrorVerbosity(connection_, PQERRORS_DEFAULT);
  PQsetnonblocking(connection_, 1);
  return std::nullopt;
}

void PostgresConnection::on_notice(void* connection, const PGresult* notice) {
  const char* code = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
  if (code && std::string_view(code).substr(0, 3) == "57P")
    static_cast<PostgresConnection*>(connection)->farewell_ = true;
}

PostgresConnection::Wait PostgresConnection::wait(short events, const Patience& patience) const {
  for (;;) {
    if (patience.stop.stop_requested()) return Wait::stopped;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(patience.deadline - Clock::now()).count();
    if (left <= 0) return Wait::expired;
    std::array<pollfd, 2> files{{{PQsocket(connection_), events, 0}, {wake_, POLLIN, 0}}};
    const int ready = ::poll(files.data(), files.size(), static_cast<int>(std::min<long long>(left, 60'000)));
    if (ready > 0 && files[0].revents != 0) return Wait::ready;
  }
}

Failure PostgresConnection::give_up(Wait why) {
  state_ = State::running;
  if (why == Wait::stopped) return {Status::cancelled, "the hub no longer waits"};
  return {Status::timeout, "the query took too long and was cancelled"};
}

Failure PostgresConnection::lost() {
  state_ = State::broken;
  return {Status::unreachable, "the connection to the server broke"};
}

std::optional<Failure> PostgresConnection::flush(const Patience& patience) {
  for (;;) {
    const int left = PQflush(connection_);
    if (left == 0) return std::nullopt;
    if (left < 0) return lost();
    if (auto waited = wait(POLLIN | POLLOUT, patience); waited != Wait::ready) return give_up(waited);
    if (!PQconsumeInput(connection_)) return lost();
  }
}

// All results of what was sent, to the end, so that the connection is ready for the next question. The first failure is
// the answer; a failure that on_result finds itself (too large) ends it at once, with the server still at work.
std::optional<Failure> PostgresConnection::collect(const Patience& patience, const OnResult& on_result) {
  const Wake wake(patience.stop, wake_);
  state_ = State::running;
  if (auto failure = flush(patience)) return failure;
  auto failure = collect_to_end(patience, on_result);
  if (state_ == State::idle && PQtransactionStatus(connection_) != PQTRANS_IDLE) state_ = State::broken;
  return failure;
}

std::optional<Failure> PostgresConnection::collect_to_end(const Patience& patience, const OnResult& on_result) {
  std::optional<Failure> refusal;
  for (;;) {
    while (PQisBusy(connection_)) {
      if (auto waited = wait(POLLIN, patience); waited != Wait::ready) return give_up(waited);
      if (!PQconsumeInput(connection_)) break; // what came before the end is still to be read
    }
    const Answer result(PQgetResult(connection_));
    if (!result) break;
    const auto kind = PQresultStatus(result.get());
    if (kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || kind == PGRES_COPY_BOTH) return lost();
    if (kind == PGRES_FATAL_ERROR || kind == PGRES_BAD_RESPONSE) {
      if (!refusal) refusal = refused(result.get(), nullptr);
      if (on_result && refusal)
        if (auto better = on_result(result.get())) refusal = better;
    } else if (!refusal && on_result) {
      if (auto failure = on_result(result.get())) return failure; // state_ stays `running`
    }
  }
  if (PQstatus(connection_) != CONNECTION_OK) {
    state_ = State::broken;
    return refusal ? refusal : lost();
  }
  state_ = State::idle;
  return refusal;
}

// The server's words only when query is given: while it is prepared no value is known that they could quote.
Failure PostgresConnection::refused(PGresult* result, const Query* query) const {
  const char* code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  auto failure = failure_of_query(code ? code : "");
  const char* words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  if (!query || !code || !words || failure.status == Status::unreachable || failure.status == Status::timeout)
    return failure;
  const char* position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
  std::string where;
  if (position) where = query->place(byte_of_character(query->text, std::strtoul(position, nullptr, 10))) + ": ";
  const std::string_view state = code;
  const char* hint =
      state == "42P18" || state == "42P08" ? "; give the parameter a type, like :params.since::date" : "";
  return {failure.status, where + words + hint + " (SQLSTATE " + code + ")"};
}

std::optional<Failure> PostgresConnection::prepare(std::size_t section, const Query& query, const Patience& patience) {
  if (prepared_[section]) return std::nullopt;
  if (!PQsendPrepare(connection_, statement_name(section).c_str(), query.text.c_str(), 0, nullptr)) {
    state_ = State::stale;
    return Failure{Status::unreachable, "the connection to the server broke"};
  }
  auto failure = collect(patience, [&](PGresult* result) -> std::optional<Failure> {
    if (PQresultStatus(result) == PGRES_FATAL_ERROR) return refused(result, &query);
    return std::nullopt;
  });
  if (failure && state_ == State::broken) state_ = State::stale; // the question itself was never asked
  prepared_[section] = !failure;
  return failure;
}

Result<std::vector<std::string>> PostgresConnection::columns(std::size_t section, const Query& query,
                                                             const Patience& patience) {
  if (auto failure = prepare(section, query, patience)) return *failure;
  std::vector<std::string> names;
  if (!PQsendDescribePrepared(connection_, statement_name(section).c_str())) return lost();
  auto failure = collect(patience, [&](PGresult* result) -> std::optional<Failure> {
    for (int i = 0; i < PQnfields(result); ++i) names.emplace_back(PQfname(result, i));
    return std::nullopt;
  });
  if (failure) return *failure;
  return names;
}

Result<Table> PostgresConnection::ask(const Ask& ask, const Query& query) {
  const Patience patience{ask.deadline, ask.stop};
  if (auto failure = prepare(ask.section, query, patience)) return *failure;
  std::vector<const char*> values;
  for (const auto& value : ask.values) values.push_back(value.kind == Value::Kind::null ? nullptr : value.text.c_str());
  if (!PQsendQueryPrepared(connection_, statement_name(ask.section).c_str(), static_cast<int>(values.size()),
                           values.data(), nullptr, nullptr, 0)) {
    state_ = State::stale;
    return Failure{Status::unreachable, "the connection to the server broke"};
  }
  PQsetSingleRowMode(connection_);
  Table table;
  std::size_t rows = 0, bytes = 0;
  bool vanished = false;
  auto failure = collect(patience, [&](PGresult* result) -> std::optional<Failure> {
    if (PQresultStatus(result) == PGRES_FATAL_ERROR) {
      vanished = plan_vanished(result);
      return std::nullopt;
    }
    return take_rows(result, ask.keep_rows, table, rows, bytes);
  });
  if (vanished) state_ = State::stale; // prepared anew it may well run: the tables were altered
  if (failure) return *failure;
  return table;
}

void PostgresConnection::cancel(int process, const Patience& patience) {
  const std::string number = std::to_string(process);
  const char* values[] = {number.c_str()};
  if (!PQsendQueryParams(connection_, "SELECT pg_catalog.pg_cancel_backend($1::pg_catalog.int4)", 1, nullptr, values,
                         nullptr, nullptr, 0))
    return static_cast<void>(lost());
  static_cast<void>(collect(patience, nullptr));
}

// What may come unasked: a notice, a changed setting, a TLS ticket; or the server's farewell and the end.
bool PostgresConnection::alive() {
  for (int reads = 0; reads < 8; ++reads) {
    pollfd file{PQsocket(connection_), POLLIN, 0};
    if (::poll(&file, 1, 0) == 0) return !farewell_;
    if (PQconsumeInput(connection_) == 0 || PQisBusy(connection_) != 0) return false;
    if (PQstatus(connection_) != CONNECTION_OK) return false;
  }
  return false;
}

} // namespace plugboard::sql
