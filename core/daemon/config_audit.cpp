#include "core/daemon/config_audit.hpp"

#include <tuple>

namespace plugboard::daemon {
namespace {

using json::at_pointer;

std::int64_t number_at(const json::TreeValue& root, std::string_view pointer, std::int64_t otherwise) {
  constexpr std::int64_t kLargest = 1'000'000'000; // the schema refuses more, but all is read
  const auto* value = at_pointer(root, pointer);
  return value && value->IsInt64() && value->GetInt64() > 0 && value->GetInt64() <= kLargest ? value->GetInt64()
                                                                                             : otherwise;
}

bool truth_at(const json::TreeValue& root, std::string_view pointer, bool otherwise) {
  const auto* value = at_pointer(root, pointer);
  return value && value->IsBool() ? value->GetBool() : otherwise;
}

auto compared(const AuditConfig& config) {
  const auto syslog = config.syslog.value_or(audit::SyslogOptions{});
  const auto& journal = config.journal;
  return std::tuple(config.is_on, journal.segment_bytes, journal.checkpoint_records, journal.checkpoint_time,
                    journal.retention, syslog.address, syslog.is_required);
}

} // namespace

bool operator==(const AuditConfig& a, const AuditConfig& b) {
  return compared(a) == compared(b);
}

AuditConfig read_audit_config(const json::TreeValue& root, std::vector<json::Fault>& faults) {
  AuditConfig config;
  config.is_on = truth_at(root, "/audit/enabled", true);
  auto& journal = config.journal;
  journal.segment_bytes = static_cast<std::uint64_t>(number_at(root, "/audit/segment_mb", 64)) << 20;
  journal.checkpoint_records = static_cast<std::uint64_t>(number_at(root, "/audit/checkpoint_records", 10'000));
  journal.checkpoint_time = std::chrono::seconds(number_at(root, "/audit/checkpoint_s", 10));
  journal.retention = std::chrono::hours(24) * number_at(root, "/audit/retention_days", 400);
  const auto* address = at_pointer(root, "/audit/syslog/address");
  if (!address || !address->IsString()) return config;
  config.syslog =
      audit::SyslogOptions{std::string(json::text_of(*address)), truth_at(root, "/audit/syslog/required", true)};
  if (auto good = audit::check_syslog_address(config.syslog->address); !good)
    faults.push_back({"/audit/syslog/address", good.error().message});
  return config;
}

} // namespace plugboard::daemon
