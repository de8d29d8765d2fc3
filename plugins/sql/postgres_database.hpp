// A PostgreSQL server as the connector asks it. [ask: any thread]
#pragma once

#include "plugins/sql/database.hpp"
#include "plugins/sql/postgres_pool.hpp"

#include <plugboard/host.hpp>

namespace plugboard::sql {

class PostgresDatabase final : public Database {
 public:
  // config must outlive this. root_certificate: where it lies for us; empty: the system's.
  PostgresDatabase(const Config& config, const PostgresServer& server, std::string root_certificate, Host host);

  Result<std::vector<Result<Columns>>> check() override;
  Result<Table> ask(const Ask& ask) override;

  void stop() override { pool_.stop(); }

 private:
  Result<PostgresPool::Connection> connect(const Patience& patience) const;
  Result<std::vector<Reached>> locate() const;
  Patience for_one_statement(const Patience& patience) const;

  const Config& config_;
  const PostgresServer& server_;
  const std::string root_certificate_;
  const Host host_;
  PostgresPool pool_;
};

} // namespace plugboard::sql
