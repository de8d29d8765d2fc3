#include "core/audit/recorder.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace plugboard::audit {
namespace {

constexpr std::size_t kGroupBytes = std::size_t{512} << 10; // what a power cut can tear
constexpr std::chrono::milliseconds kRetry{250}, kServerPatience{400}, kMostCompany{2};

} // namespace

Recorder::Recorder(Waiting& waiting, Journal& journal, Sink* sink, bool sink_is_required, const Clock& clock, Log& log,
                   Metrics& metrics)
    : waiting_(waiting), journal_(journal), sink_(sink), sink_is_required_(sink_is_required), clock_(clock), log_(log),
      records_(metrics.counter("plugboard_audit_records_total", "Records on the disk.")),
      commits_(metrics.counter("plugboard_audit_commits_total", "Groups of records that were written with one flush.")),
      failures_(
          metrics.counter("plugboard_audit_failures_total", "Groups of records that could not be put on record.")),
      lost_(metrics.counter("plugboard_audit_lost_total", "Outcomes and refusals for which there was no room.")),
      unsent_(
          metrics.counter("plugboard_audit_unsent_total", "Records that a syslog server did not take, not required.")),
      seconds_(metrics.histogram("plugboard_audit_commit_seconds", "From the first record of a group to its flush.")),
      failing_(metrics.gauge("plugboard_audit_failing", "1: nothing can be put on record, so nothing is shown.")),
      thread_([this] { run(); }) {}

Recorder::~Recorder() {
  waiting_.close();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stopping_changed_.notify_all();
  thread_.join();
}

void Recorder::seal(std::function<void()> done) {
  const std::lock_guard lock(mutex_);
  seals_.push_back(std::move(done));
}

void Recorder::run() {
  for (bool over = false; !over;) {
    try {
      work();
      over = true;
    } catch (const std::exception& error) { // no memory
      journal_.doubt();
      log_.error("audit.threw", {{"reason", error.what()}, {"records", current_.size()}});
      refuse_current(Error{Code::unavailable, "out of memory?", "audit"});
      rest();
    }
  }
}

void Recorder::work() {
  for (;;) {
    if (auto good = mended(); !good) {
      if (!waiting_.fails()) failed(good.error());
      seal_if_asked();
      if (waiting_.is_closing()) return log_.error("audit.closed_failing", {});
      rest();
      continue;
    }
    if (current_.empty()) current_ = waiting_.take(kGroupBytes, company_);
    note_lost();
    if (!current_.empty()) write_group();
    seal_if_asked();
    const bool is_last = waiting_.is_closing() && waiting_.is_empty() && current_.empty();
    if (auto sealed = journal_.checkpoint_if_due(is_last); !sealed) failed(sealed.error());
    if (is_last && !journal_.broken()) return;
  }
}

// What hung has come back, what failed is tried again; only then is anything taken.
Result<void> Recorder::mended() {
  if (journal_.broken())
    if (auto recovered = journal_.recover(); !recovered) return recovered;
  if (auto sent = send_backlog(); !sent) return sent;
  if (waiting_.fails()) {
    waiting_.works();
    failing_.set(0);
    log_.info("audit.works_again", {{"record", static_cast<std::int64_t>(journal_.extent().end.seq)}});
  }
  return {};
}

void Recorder::write_group() {
  const auto begun = clock_.now();
  std::vector<Journal::Line> lines;
  lines.reserve(current_.size());
  for (const auto& entry : current_) lines.push_back({entry.kind, entry.members});
  const auto first = journal_.append(lines);
  if (!first) {
    failed(first.error());
    return refuse_current(first.error());
  }
  commits_.add();
  records_.add(static_cast<double>(current_.size()));
  const Duration took = clock_.now() - begun;
  seconds_.observe(milliseconds(took) / 1000);
  // Where several wait for the disk at a time, the next group is let to grow: a flush costs the processor what five
  // sections do, and the systems, which are being asked meanwhile, seldom answer before.
  const auto awaited = std::count_if(current_.begin(), current_.end(), [](const auto& one) { return one.is_awaited; });
  company_ = awaited > 1 ? std::min<Duration>(3 * took, kMostCompany) : Duration::zero();
  if (auto sent = send_backlog(); !sent) return unacknowledged(*first, sent.error());
  acknowledge(*first);
}

void Recorder::acknowledge(std::uint64_t first) {
  withhold(waiting_.answer(std::exchange(current_, {}), first));
}

// They are on the disk, but whoever waits must not go on: the server has not got them.
void Recorder::unacknowledged(std::uint64_t first, const Error& why) {
  failed(why);
  std::vector<Receipt> receipts;
  for (auto& entry : current_) {
    if (entry.is_awaited) receipts.push_back({first, std::move(entry.about)});
    ++first;
  }
  current_.clear();
  waiting_.refuse(why);
  withhold(std::move(receipts));
}

// Who waits is told; what nobody waits for is the next group.
void Recorder::refuse_current(const Error& why) {
  std::erase_if(current_, [](const auto& entry) { return entry.is_awaited; });
  waiting_.refuse(why);
}

void Recorder::withhold(std::vector<Receipt> receipts) {
  for (const auto& receipt : receipts)
    waiting_.push({"outcome", members_of(receipt, {Ending::withheld, {}, "audit.unavailable"}), {}});
}

Result<void> Recorder::send_backlog() {
  if (sink_ == nullptr) return {};
  backlog_ += journal_.take_written();
  auto left = sink_is_required_ ? kServerPatience : std::chrono::milliseconds(0);
  std::size_t sent = 0;
  Result<void> outcome;
  while (sent < backlog_.size() && outcome) {
    const auto end = backlog_.find('\n', sent);
    const auto begun = clock_.now();
    outcome = sink_->send(std::string_view(backlog_).substr(sent, end - sent), left);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begun);
    left = took < left ? left - took : std::chrono::milliseconds(0);
    if (outcome) sent = end + 1;
  }
  backlog_.erase(0, sent);
  if (outcome || sink_is_required_) return outcome;
  unsent_.add(static_cast<double>(std::count(backlog_.begin(), backlog_.end(), '\n')));
  backlog_.clear();
  return {};
}

void Recorder::failed(const Error& why) {
  failures_.add();
  failing_.set(1);
  if (!waiting_.fails())
    log_.error("audit.fails", {{"reason", why.message}, {"meaning", "nothing is shown, nothing is changed"}});
  waiting_.fail();
}

void Recorder::seal_if_asked() {
  std::vector<std::function<void()>> asked;
  {
    const std::lock_guard lock(mutex_);
    asked.swap(seals_);
  }
  if (asked.empty()) return;
  if (auto sealed = journal_.checkpoint_if_due(true); !sealed) failed(sealed.error());
  for (const auto& done : asked) done();
}

void Recorder::note_lost() {
  current_.reserve(current_.size() + 1);
  const auto lost = waiting_.take_lost();
  if (lost == 0) return;
  lost_.add(static_cast<double>(lost));
  current_.push_back({"lost", ",\"records\":" + std::to_string(lost), {}});
}

void Recorder::rest() {
  std::unique_lock lock(mutex_);
  if (!stopping_) stopping_changed_.wait_for(lock, kRetry);
}

} // namespace plugboard::audit
