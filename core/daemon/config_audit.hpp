// The part `audit` of the configuration: whether and where what is shown and changed is put on record. Values.
#pragma once

#include "core/audit/journal.hpp"
#include "core/audit/sink.hpp"
#include "core/json/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace plugboard::daemon {

struct AuditConfig {
  bool is_on = true;
  audit::JournalOptions journal;
  std::optional<audit::SyslogOptions> syslog;
  friend bool operator==(const AuditConfig& a, const AuditConfig& b);
};

// What the schema has refused already is passed over in silence.
AuditConfig read_audit_config(const json::TreeValue& root, std::vector<json::Fault>& faults);

} // namespace plugboard::daemon
