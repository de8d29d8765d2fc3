// The sql connector: a section is a query. Reads its configuration once, checks what can be checked at start, answers
// each lookup on the thread that asks.
#pragma once

#include "plugins/sql/database.hpp"

#include <plugboard/host.hpp>
#include <plugboard/operations.hpp>

#include <memory>

namespace plugboard::sql {

class Connector : public Lookup {
 public:
  Connector(Host host, std::string_view config);

  void start(); // throws when a query can never work; a database that is away is no reason
  void stop();
  Result<Section> lookup(const Request& request) override;

 private:
  std::unique_ptr<Database> open_database() const;
  std::string located(const std::string& path, const char* setting) const;

  const Host host_;
  const Config config_;
  const std::unique_ptr<Database> database_;
};

} // namespace plugboard::sql
