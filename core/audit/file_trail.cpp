#include "core/audit/file_trail.hpp"

#include "core/base/text.hpp"

#include <memory>
#include <utility>

namespace plugboard::audit {
namespace {

constexpr std::size_t kLongestRecord = kLongestLine / 4; // a group and one record more are less than a line

} // namespace

Result<std::unique_ptr<FileTrail>> FileTrail::open(std::unique_ptr<Folder> folder, TrailOptions options,
                                                   std::vector<Signer> signers, std::unique_ptr<Sink> sink,
                                                   bool sink_is_required, const Clock& clock, Log& log,
                                                   Metrics& metrics) {
  options.journal.keeps_written = sink != nullptr;
  auto journal = Journal::open(*folder, options.journal, std::move(signers), clock, log);
  if (!journal) return journal.error();
  return std::unique_ptr<FileTrail>(new FileTrail(std::move(folder), std::move(*journal), std::move(sink),
                                                  sink_is_required, options, clock, log, metrics));
}

FileTrail::FileTrail(std::unique_ptr<Folder> folder, std::unique_ptr<Journal> journal, std::unique_ptr<Sink> sink,
                     bool sink_is_required, const TrailOptions& options, const Clock& clock, Log& log, Metrics& metrics)
    : folder_(std::move(folder)), journal_(std::move(journal)), sink_(std::move(sink)), waiting_(options.limits, clock),
      refused_(metrics.counter("plugboard_audit_refused_total", "Attempts that were refused, on record.")),
      archive_(*folder_, *journal_, log),
      recorder_(waiting_, *journal_, sink_.get(), sink_is_required, clock, log, metrics),
      watchdog_(waiting_, log, metrics) {}

void FileTrail::disclose(const Intent& intent, Poster back, Done done) {
  push({"disclosure", members_of(intent), about(intent)}, std::move(back), std::move(done));
}

void FileTrail::change(const Change& change, Poster back, Done done) {
  push({"change", members_of(change), about(change)}, std::move(back), std::move(done));
}

void FileTrail::push(Entry entry, Poster back, Done done) {
  if (entry.members.size() <= kLongestRecord) return waiting_.push(std::move(entry), std::move(back), std::move(done));
  done(fail(Code::too_large, "a record of " + std::to_string(entry.members.size()) + " bytes is too long", "audit"));
}

void FileTrail::outcome(const Receipt& receipt, const Outcome& outcome) {
  if (receipt.seq == 0) return;
  waiting_.push({"outcome", members_of(receipt, outcome), {}});
}

void FileTrail::refused(const Change& change, std::string_view why) {
  refused_.add();
  auto members = members_of(change) + ",\"why\":";
  append_json_string(members, why);
  if (members.size() <= kLongestRecord) waiting_.push({"refused", std::move(members), {}});
}

void FileTrail::read(Query query, Poster back, std::function<void(Result<Page>)> done) {
  archive_.read(std::move(query), std::move(back), std::move(done));
}

void FileTrail::verify(std::string segment, Poster back, std::function<void(Result<SegmentVerdict>)> done) {
  if (!segment.empty()) return archive_.verify(std::move(segment), std::move(back), std::move(done));
  // Handed on, not copied: what it holds must die on the thread that asked.
  auto held = std::make_shared<std::function<void(Result<SegmentVerdict>)>>(std::move(done));
  recorder_.seal([this, back = std::move(back), held] { archive_.verify({}, back, std::exchange(*held, nullptr)); });
}

bool FileTrail::takes() const {
  return !waiting_.fails();
}

} // namespace plugboard::audit
