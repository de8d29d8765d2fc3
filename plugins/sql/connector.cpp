#include "plugins/sql/connector.hpp"

#include "plugins/sql/answer.hpp"
#include "plugins/sql/bind.hpp"
#include "plugins/sql/layout.hpp"
#include "plugins/sql/postgres_database.hpp"
#include "plugins/sql/sqlite_database.hpp"

#include <plugboard/shapes.hpp>

#include <stdexcept>

namespace plugboard::sql {
namespace {

Shapes published_shapes() {
  Shapes read;
  for (const auto& shape : shapes()) read.emplace(shape.name, std::make_shared<const Shape>(shape.json));
  return read;
}

// The database answered, and what it said will be the same tomorrow.
bool final(Status status) {
  return status == Status::failed || status == Status::upstream_failed || status == Status::upstream_unauthorized;
}

// The hub will not let us there before its configuration is another.
bool not_granted(Status status) {
  return status == Status::egress_denied || status == Status::unsupported;
}

std::string fault_of(const SectionConfig& section, Result<Database::Columns>& columns, const Host& host) {
  const auto at = "/sections/" + section.name + "/query: ";
  if (!columns) {
    if (final(columns.failure().status)) return at + columns.failure().message;
    host.warn("section " + section.name + " could not be checked: " + columns.failure().message);
    return {};
  }
  auto layout = lay_out(section, *columns);
  return layout ? std::string() : at + layout.failure().message;
}

Failure named(const SectionConfig& section, Failure failure) {
  failure.message = "section " + section.name + ": " + failure.message;
  return failure;
}

} // namespace

Connector::Connector(Host host, std::string_view config)
    : host_(host), config_(read_config(config, published_shapes())), database_(open_database()) {}

std::unique_ptr<Database> Connector::open_database() const {
  if (const auto* file = std::get_if<SqliteFile>(&config_.database))
    return std::make_unique<SqliteDatabase>(config_, located(file->path, "/database/sqlite"));
  const auto& server = std::get<PostgresServer>(config_.database);
  auto root = server.root_certificate.empty() ? std::string()
                                              : located(server.root_certificate, "/database/postgres/root_certificate");
  return std::make_unique<PostgresDatabase>(config_, server, std::move(root), host_);
}

std::string Connector::located(const std::string& path, const char* setting) const {
  auto found = host_.locate_file(path);
  if (!found)
    throw std::runtime_error(std::string(setting) + ": " + found.failure().message +
                             R"(; grant the connector the folder: "grants": {"files": ["ro:FOLDER/"]})");
  return *found;
}

void Connector::start() {
  auto checked = database_->check();
  if (!checked && not_granted(checked.failure().status))
    throw std::runtime_error("/database/postgres/host: " + checked.failure().message);
  if (!checked)
    return host_.warn("the database is not there yet (" + checked.failure().message +
                      "): lookups will say so until it is");
  std::string faults;
  for (std::size_t i = 0; i < config_.sections.size(); ++i)
    if (auto fault = fault_of(config_.sections[i], (*checked)[i], host_); !fault.empty())
      faults += (faults.empty() ? "" : "; ") + fault;
  if (!faults.empty()) throw std::runtime_error(faults);
}

void Connector::stop() {
  database_->stop();
}

Result<Section> Connector::lookup(const Request& request) {
  const auto* section = config_.section(request.section());
  if (!section) return Failure{Status::unsupported, "no such section: " + std::string(request.section())};
  auto values = bind_values(section->query.parameters, request);
  if (!values) return named(*section, values.failure());
  auto table = database_->ask({static_cast<std::size_t>(section - config_.sections.data()), *values,
                               Clock::now() + request.time_left(), request.cancelled(), rows_wanted(*section)});
  if (!table) return named(*section, table.failure());
  auto answer = make_answer(*section, config_.time_zone, *table, request);
  if (!answer) return named(*section, answer.failure());
  return answer;
}

} // namespace plugboard::sql
