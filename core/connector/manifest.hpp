// What a plugin says of itself, read from the ELF note of its file before any of its code may run.
#pragma once

#include "core/base/result.hpp"
#include "core/connector/metric_spec.hpp"
#include "core/connector/rate.hpp"
#include "core/connector/section_spec.hpp"
#include "core/json/schema.hpp"

#include <optional>
#include <string>
#include <vector>

namespace plugboard::connector {

enum class Execution : std::uint8_t { async = 1, blocking };

struct Manifest {
  std::string name, version, summary, license;
  bool lookup = false, derive = false, authenticate = false, logout = false; // operations
  bool export_subject = false, erase_subject = false;                        // operations
  std::optional<unsigned> min_host_minor;                                    // the hub must speak at least 1.this
  Execution execution = Execution::blocking;
  unsigned max_concurrency = 1;
  std::optional<std::string> sections_pointer;    // sections stand there in the configuration
  std::string sections_text = "{}";               // else: here, as JSON
  std::string subject_needs_text = "[]";          // export, erase: what they need, as JSON
  std::optional<std::string> identifiers_pointer; // authenticate: keys of the object that stands there
  std::vector<std::string> identifiers;           // else: these
  std::vector<std::string> egress, files;         // wished grants: patterns
  std::vector<MetricSpec> metrics;                // what it counts
  Rate rate;                                      // how often it wishes to ask one upstream at most
  std::shared_ptr<const json::Schema> config_schema;
};

// Why a plugin can't run here that needs a hub of ABI 1.minor.
std::string needs_later_hub(unsigned minor);

// text: {"manifest": {…}, "config_schema": {…}}. Error: malformed, with what is wrong where.
Result<Manifest> parse_manifest(std::string_view text);

} // namespace plugboard::connector
