#include "core/audit/archive.hpp"

#include "core/audit/search.hpp"
#include "core/audit/verify_folder.hpp"

#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace plugboard::audit {
namespace {

constexpr std::size_t kMostJobs = 64; // people ask, not programs

// What `done` holds dies on the thread that asked: no copy of it stays here.
template <class T>
std::function<void(Result<T>)> posted(store::Poster back, std::function<void(Result<T>)> done) {
  struct Answer {
    std::function<void(Result<T>)> done;
    std::optional<Result<T>> result;
  };

  auto answer = std::make_shared<Answer>(Answer{std::move(done), {}});
  return [back = std::move(back), answer](Result<T> result) {
    answer->result.emplace(std::move(result));
    auto tell = [answer] { std::exchange(answer->done, nullptr)(std::move(*answer->result)); };
    back ? back(std::move(tell)) : tell();
  };
}

Error refused() {
  return fail(Code::overloaded, "too many reports are being made already", "audit");
}

} // namespace

Archive::Archive(Folder& folder, const Journal& journal, Log& log)
    : folder_(folder), journal_(journal), log_(log), thread_([this] { run(); }) {}

Archive::~Archive() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  came_.notify_all();
  thread_.join();
}

void Archive::read(Query query, store::Poster back, std::function<void(Result<Page>)> done) {
  auto tell = posted<Page>(std::move(back), std::move(done));
  push({[this, query = std::move(query), tell] { tell(search(folder_, journal_.extent(), query)); },
        [tell] { tell(refused()); }});
}

void Archive::verify(std::string segment, store::Poster back, std::function<void(Result<SegmentVerdict>)> done) {
  auto tell = posted<SegmentVerdict>(std::move(back), std::move(done));
  push({[this, segment = std::move(segment), tell] {
          const auto extent = journal_.extent();
          tell(verify_segment(folder_, segment, journal_.public_keys(), extent.segment, extent.size));
        },
        [tell] { tell(refused()); }});
}

void Archive::push(Job job) {
  std::unique_lock lock(mutex_);
  if (!closed_ && jobs_.size() < kMostJobs) {
    jobs_.push_back(std::move(job));
    lock.unlock();
    return came_.notify_one();
  }
  lock.unlock();
  job.refuse();
}

void Archive::run() {
  for (bool over = false; !over;) {
    try {
      serve();
      over = true;
    } catch (const std::exception& error) { // no memory: that report is not made
      log_.error("audit.report_threw", {{"reason", error.what()}});
    }
  }
}

void Archive::serve() {
  for (;;) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [this] { return closed_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    const bool is_over = closed_;
    lock.unlock();
    (is_over ? job.refuse : job.run)();
  }
}

} // namespace plugboard::audit
