// The operator's configuration of one sql connector, read and checked as far as it can be without the database.
#pragma once

#include "plugins/sql/query.hpp"
#include "plugins/sql/shape.hpp"
#include "plugins/sql/time.hpp"

namespace plugboard::sql {

struct SqliteFile {
  std::string path; // as the operator wrote it, below a granted folder
};

enum class TlsMode : std::uint8_t { disable = 1, prefer, require, verify_ca, verify_full };

struct PostgresServer {
  std::vector<std::string> hosts; // tried in this order, all on one port
  std::string dbname, user;
  std::uint16_t port = 5432;
  std::string password; // a handle for secrets/1; empty: none
  TlsMode sslmode = TlsMode::verify_full;
  std::string root_certificate; // below a granted folder; empty: the system's
  std::chrono::milliseconds connect_timeout{3000};
};

struct YieldColumn {
  std::string type, column;
  bool verified = false;
};

struct EchoField {
  Path path; // from the whole; * stands for every element
  std::string pointer, type;
};

enum class WhenEmpty : std::uint8_t { not_found = 1, ok };

struct SectionConfig {
  std::string name;
  std::shared_ptr<const Shape> shape;
  Query query;
  std::vector<YieldColumn> yields;
  std::vector<EchoField> echo;
  WhenEmpty empty = WhenEmpty::not_found;
};

struct Config {
  std::variant<SqliteFile, PostgresServer> database;
  TimeZone time_zone;
  std::chrono::milliseconds statement_timeout{5000};
  std::size_t pool_max = 8;
  std::vector<SectionConfig> sections;

  const SectionConfig* section(std::string_view name) const;
};

// Throws std::runtime_error that names every fault by its JSON Pointer.
Config read_config(std::string_view json, const Shapes& shapes);

} // namespace plugboard::sql
