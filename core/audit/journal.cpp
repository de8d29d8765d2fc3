#include "core/audit/journal.hpp"

#include "core/audit/hexadecimal.hpp"
#include "core/audit/lines.hpp"
#include "core/base/text.hpp"

namespace plugboard::audit {

Result<std::uint64_t> Journal::append(std::span<const Line> lines) {
  if (broken_) return fail(Code::unavailable, "the audit trail's files failed and are not mended yet", "audit");
  const auto first = end_.seq + 1;
  const auto time = rfc3339(clock_.wall());
  std::string bytes;
  ChainEnd end = end_;
  for (const auto& line : lines) append_record(bytes, end, time, line.kind, line.members);
  since_checkpoint_ += lines.size();
  const bool seals = checkpoint_is_due();
  if (seals) append_record(bytes, end, time, "checkpoint", checkpoint_members(signer(), end, time));
  auto written = file_->append(bytes);
  if (written) written = file_->flush();
  if (!written) {
    broken_ = true;
    return written.error();
  }
  end_ = end;
  size_ += bytes.size();
  if (options_.keeps_written) written_ += bytes;
  publish();
  if (seals) {
    since_checkpoint_ = 0;
    checked_at_ = clock_.now();
    head_.end = end_;
    head_.time = time;
    if (auto kept = write_head_file(); !kept) log_.warn("audit.head_not_written", {{"reason", kept.error().message}});
  }
  if (size_ < options_.segment_bytes) return first;
  if (auto begun = begin_segment(); !begun) {
    broken_ = true; // what was asked for is on record all the same
    log_.warn("audit.no_new_segment", {{"reason", begun.error().message}});
  } else {
    retire_old();
  }
  return first;
}

bool Journal::checkpoint_is_due() const {
  return since_checkpoint_ > 0 &&
         (since_checkpoint_ >= options_.checkpoint_records || clock_.now() - checked_at_ >= options_.checkpoint_time);
}

Result<void> Journal::checkpoint_if_due(bool at_once) {
  if (broken_ || since_checkpoint_ == 0) return {};
  if (at_once) checked_at_ = clock_.now() - options_.checkpoint_time;
  if (!checkpoint_is_due()) return {};
  const auto sealed = append({});
  return sealed ? Result<void>() : sealed.error();
}

// A flush that failed may have lost what it was asked to write, and a second one may say that all is well: so the
// segment ends where the last good flush left it, and a new one begins.
Result<void> Journal::recover() {
  file_.reset();
  auto file = folder_.open(name_);
  if (!file) return file.error();
  if (auto cut = (*file)->cut(size_); !cut) return cut;
  if (auto flushed = (*file)->flush(); !flushed) return flushed;
  file_ = std::move(*file);
  if (auto begun = begin_segment(); !begun) return begun;
  broken_ = false;
  return {};
}

// What has the next record's number for a name holds nothing that was ever acknowledged.
Result<void> Journal::begin_segment() {
  const auto name = segment_name(end_.seq + 1);
  if (auto removed = folder_.remove(name); !removed && removed.error().code != Code::not_found) return removed;
  auto file = folder_.create(name);
  if (!file) return file.error();
  std::string members = ",\"format\":1,\"key\":";
  append_json_string(members, signer().key_id);
  members += ",\"public_key\":\"" + to_hex(signer().key.public_key()) + "\"";
  std::string bytes;
  ChainEnd end = end_;
  append_record(bytes, end, rfc3339(clock_.wall()), "segment", members);
  auto written = (*file)->append(bytes);
  if (written) written = (*file)->flush();
  if (written) written = folder_.flush();
  if (!written) {
    static_cast<void>(folder_.remove(name)); // else the next start does
    return written;
  }
  file_ = std::move(*file);
  name_ = name;
  size_ = bytes.size();
  end_ = end;
  if (options_.keeps_written) written_ += bytes;
  ++since_checkpoint_;
  publish();
  return {};
}

Result<void> Journal::write_head_file() {
  auto written = folder_.replace(kHeadFile, write_head(signer(), head_));
  has_head_ = has_head_ || written.has_value();
  return written;
}

// The head first: were the segments gone before it says so, they would be missing.
void Journal::retire_old() {
  const auto names = list_segments(folder_);
  if (!names) return log_.warn("audit.not_retired", {{"reason", names.error().message}});
  const auto oldest = rfc3339(clock_.wall() - options_.retention);
  std::size_t retired = 0;
  for (std::size_t i = 0; i + 1 < names->size(); ++i) {
    Lines lines(folder_, (*names)[i + 1], 0, kLongestLine);
    const auto line = lines.next();
    const auto root = line && *line ? reader_.read(**line) : Result<json::Value>(fail(Code::malformed, "no record"));
    const auto first = root ? read_record_head(*root) : Result<RecordHead>(root.error());
    if (!first || first->time >= oldest) break;
    head_.before = {first->seq - 1, first->prev};
    retired = i + 1;
  }
  if (retired == 0 || !has_head_) return;
  if (auto kept = write_head_file(); !kept) return log_.warn("audit.not_retired", {{"reason", kept.error().message}});
  for (std::size_t i = 0; i < retired; ++i) {
    if (auto removed = folder_.remove((*names)[i]); !removed)
      log_.warn("audit.not_retired", {{"reason", removed.error().message}});
    static_cast<void>(folder_.remove((*names)[i] + ".index"));
  }
  log_.info("audit.retired", {{"segments", retired}, {"records_before", static_cast<std::int64_t>(head_.before.seq)}});
}

Extent Journal::extent() const {
  const std::lock_guard lock(mutex_);
  return extent_;
}

void Journal::publish() {
  const std::lock_guard lock(mutex_);
  extent_ = {name_, size_, end_};
}

Verifier::PublicKeys Journal::public_keys() const {
  Verifier::PublicKeys keys;
  for (const auto& one : signers_) keys.insert(one.key.public_key());
  return keys;
}

} // namespace plugboard::audit
