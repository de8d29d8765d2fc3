// How the files are taken up again at a start: what the last group's end left torn is cut off, all else must fit.
#include "core/audit/journal.hpp"
#include "core/audit/lines.hpp"

namespace plugboard::audit {
namespace {

constexpr const char* kRemedy =
    "; `plugboard audit verify --folder` says more. To start all the same, move the folder away and keep it: the hub "
    "then begins a new chain";

Error explained(Error error) {
  if (error.code == Code::malformed) error.message += kRemedy;
  return error;
}

// A kill or a power cut leaves the last group's bytes in part: a line that does not end, or pages that were never
// written, which read as zeros. Nothing else does.
bool is_torn(std::string_view line) {
  return line.find('\0') != std::string_view::npos;
}

} // namespace

Result<std::unique_ptr<Journal>> Journal::open(Folder& folder, JournalOptions options, std::vector<Signer> signers,
                                               const Clock& clock, Log& log) {
  std::unique_ptr<Journal> journal(new Journal(folder, options, std::move(signers), clock, log));
  journal->checked_at_ = clock.now();
  if (auto read = journal->read_head_file(); !read) return explained(read.error());
  if (auto gone_on = journal->go_on(); !gone_on) return explained(gone_on.error());
  journal->publish();
  return journal;
}

Result<void> Journal::read_head_file() {
  auto text = folder_.read(kHeadFile, 0, kLongestLine);
  if (!text) return text.error().code == Code::not_found ? Result<void>() : text.error();
  auto head = read_head(reader_, *text);
  if (!head) return head.error();
  if (auto ours = Verifier(public_keys()).expect(*head); !ours) return ours;
  head_ = std::move(*head);
  has_head_ = true;
  return {};
}

Result<void> Journal::go_on() {
  auto names = list_segments(folder_);
  if (!names) return names.error();
  while (!names->empty()) {
    const auto name = names->back();
    names->pop_back();
    auto before = names->empty() ? Result<ChainEnd>(head_.before) : end_of(names->back());
    if (!before) return before.error();
    if (before->seq + 1 != first_seq_of(name))
      return fail(Code::malformed,
                  name + " does not follow on record " + std::to_string(before->seq) +
                      ": records before it are missing",
                  "audit");
    auto goes_on = go_on_with(name, *before);
    if (!goes_on) return goes_on.error();
    if (*goes_on) return {};
    if (auto removed = folder_.remove(name); !removed) return removed;
  }
  if (has_head_ && head_.end.seq > 0)
    return fail(Code::malformed, "records up to " + std::to_string(head_.end.seq) + " are missing: there is no segment",
                "audit");
  // First of all the head: from now on it belongs to the trail, and its absence says that somebody took it.
  head_.time = rfc3339(clock_.wall());
  if (auto written = write_head_file(); !written) return written;
  return begin_segment();
}

Result<bool> Journal::go_on_with(const std::string& name, const ChainEnd& before) {
  const auto whole = folder_.size(name);
  if (!whole) return whole.error();
  Verifier verifier(public_keys(), before);
  if (has_head_)
    if (auto fits = verifier.expect(head_); !fits) return fits.error();
  Lines lines(folder_, name, 0, *whole);
  std::uint64_t good = 0;
  for (;;) {
    const auto line = lines.next();
    if (!line) return line.error();
    if (!*line) break;
    if (auto fits = verifier.record(reader_, **line); !fits) {
      if (!is_torn(**line)) return fits.error();
      break;
    }
    good = lines.after();
  }
  if (auto all = verifier.finish(); !all) return all.error();
  if (good == 0) return false;
  auto file = folder_.open(name);
  if (!file) return file.error();
  if (good < *whole) {
    log_.warn("audit.torn_end_cut", {{"segment", name}, {"bytes", static_cast<std::int64_t>(*whole - good)}});
    if (auto cut = (*file)->cut(good); !cut) return cut.error();
  }
  if (auto flushed = (*file)->flush(); !flushed) return flushed.error(); // it may have been killed before its own
  file_ = std::move(*file);
  name_ = name;
  size_ = good;
  end_ = verifier.end();
  since_checkpoint_ = verifier.unsigned_records();
  return true;
}

// Of a segment that was closed: its last line.
Result<ChainEnd> Journal::end_of(const std::string& name) {
  const auto size = folder_.size(name);
  if (!size) return size.error();
  const auto from = *size > kLongestLine ? *size - kLongestLine : 0;
  auto bytes = folder_.read(name, from, kLongestLine);
  if (!bytes) return bytes.error();
  if (!bytes->ends_with('\n')) return fail(Code::malformed, "the end of " + name + " is missing", "audit");
  bytes->pop_back();
  const auto line = bytes->substr(bytes->rfind('\n') + 1);
  const auto root = reader_.read(line);
  const auto head = root ? read_record_head(*root) : Result<RecordHead>(root.error());
  if (!head) return fail(Code::malformed, "the last line of " + name + " is no record", "audit");
  return ChainEnd{head->seq, sha256(line)};
}

} // namespace plugboard::audit
