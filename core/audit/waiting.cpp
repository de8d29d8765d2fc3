#include "core/audit/waiting.hpp"

#include "core/base/insist.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace plugboard::audit {
namespace {

Error unavailable(const char* why) {
  return fail(Code::unavailable, why, "audit");
}

} // namespace

void Waiting::push(Entry entry, Poster back, Trail::Done done) {
  std::unique_lock lock(mutex_);
  std::optional<Error> refused;
  if (failing_)
    refused = unavailable("the audit trail fails");
  else if (closed_)
    refused = unavailable("the audit trail is closing");
  else if (awaited_ + in_hand_.size() >= limits_.awaited)
    refused = plugboard::fail(Code::overloaded, std::to_string(limits_.awaited) + " records wait already", "audit");
  if (!refused) {
    entry.is_awaited = true;
    items_.push_back({std::move(entry), {std::move(back), std::move(done), clock_.now()}});
    ++awaited_;
    lock.unlock();
    return came_.notify_one();
  }
  lock.unlock();
  tell({std::move(back), std::move(done), {}}, *refused);
}

void Waiting::push(Entry entry) {
  const std::lock_guard lock(mutex_);
  if (items_.size() - awaited_ >= limits_.not_awaited) {
    ++lost_;
  } else {
    items_.push_back({std::move(entry), {}});
  }
}

std::vector<Entry> Waiting::take(std::size_t most_bytes, Duration company) {
  std::unique_lock lock(mutex_);
  const bool hurries = came_.wait_for(lock, limits_.linger, [this] { return closed_ || awaited_ > 0; });
  if (hurries && company > Duration::zero()) closing_.wait_for(lock, company, [this] { return closed_; });
  std::size_t count = 0, bytes = 0;
  while (count < items_.size() && bytes < most_bytes) bytes += items_[count++].entry.members.size();
  std::vector<Entry> taken;
  taken.reserve(count);
  in_hand_.reserve(count); // from here on nothing throws
  for (; count > 0; --count, items_.pop_front()) {
    auto& [entry, asker] = items_.front();
    awaited_ -= entry.is_awaited ? 1 : 0;
    in_hand_.push_back(std::move(asker));
    taken.push_back(std::move(entry));
  }
  return taken;
}

std::vector<Receipt> Waiting::answer(std::vector<Entry> entries, std::uint64_t first) {
  std::vector<Receipt> unheard;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (!entries[i].is_awaited) continue;
    std::unique_lock lock(mutex_);
    Asker asker{std::move(in_hand_[i].back), std::exchange(in_hand_[i].done, nullptr), {}};
    in_hand_[i].since = {}; // it is on record: whoever looks now sees nothing that hangs
    lock.unlock();
    Receipt receipt{first + i, std::move(entries[i].about)};
    if (asker.done)
      tell(std::move(asker), std::move(receipt));
    else
      unheard.push_back(std::move(receipt));
  }
  const std::lock_guard lock(mutex_);
  in_hand_.clear();
  return unheard;
}

void Waiting::refuse(const Error& why) {
  for (std::unique_lock lock(mutex_); !in_hand_.empty(); lock.lock()) {
    auto asker = std::move(in_hand_.back());
    in_hand_.pop_back();
    lock.unlock();
    tell_refusal(std::move(asker), why);
  }
}

bool Waiting::refuse_late() {
  const auto oldest = clock_.now() - limits_.patience;
  const auto late = unavailable("it was not on the disk in time");
  bool hangs = false;
  while (auto asker = next_late(oldest, hangs)) tell_refusal(std::move(*asker), late);
  while (auto asker = next_waiting(oldest)) tell_refusal(std::move(*asker), late);
  return hangs;
}

std::optional<Waiting::Asker> Waiting::next_late(Instant oldest, bool& hangs) {
  const std::lock_guard lock(mutex_);
  for (auto& asker : in_hand_) {
    if (asker.since == Instant() || asker.since > oldest) continue;
    hangs = true;
    if (asker.done) return Asker{std::move(asker.back), std::exchange(asker.done, nullptr), {}};
  }
  return std::nullopt;
}

// Was never taken: nothing of it is written.
std::optional<Waiting::Asker> Waiting::next_waiting(std::optional<Instant> oldest) {
  const std::lock_guard lock(mutex_);
  const auto item = std::find_if(items_.begin(), items_.end(), [](const Item& one) { return one.entry.is_awaited; });
  if (item == items_.end() || (oldest && item->asker.since > *oldest)) return std::nullopt;
  auto asker = std::move(item->asker);
  items_.erase(item);
  --awaited_;
  return asker;
}

void Waiting::fail() {
  {
    const std::lock_guard lock(mutex_);
    failing_ = true;
  }
  const auto why = unavailable("the audit trail fails");
  while (auto asker = next_waiting(std::nullopt)) tell_refusal(std::move(*asker), why);
}

void Waiting::works() {
  const std::lock_guard lock(mutex_);
  failing_ = false;
}

bool Waiting::fails() const {
  const std::lock_guard lock(mutex_);
  return failing_;
}

std::uint64_t Waiting::take_lost() {
  const std::lock_guard lock(mutex_);
  return std::exchange(lost_, 0);
}

void Waiting::close() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  came_.notify_all();
  closing_.notify_all();
}

bool Waiting::is_closing() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool Waiting::is_empty() const {
  const std::lock_guard lock(mutex_);
  return items_.empty();
}

// Whoever asked must not be dropped here for want of memory: it would die on this thread.
void Waiting::tell_refusal(Asker asker, const Error& why) {
  std::optional<Result<Receipt>> refusal;
  insist([&] { refusal.emplace(why); });
  tell(std::move(asker), std::move(*refusal));
}

// What `done` holds dies on the thread that asked: it is taken out there, and no copy stays here.
void Waiting::tell(Asker asker, Result<Receipt> result) {
  struct Answer {
    Trail::Done done;
    std::optional<Result<Receipt>> result;
  };

  if (!asker.done) return;
  if (!asker.back) return std::exchange(asker.done, nullptr)(std::move(result));
  std::shared_ptr<Answer> answer;
  insist([&] {
    if (!answer) answer = std::make_shared<Answer>(); // empty until it is there: what throws must have taken nothing
    if (asker.done) {
      answer->done = std::exchange(asker.done, nullptr);
      answer->result.emplace(std::move(result));
    }
    asker.back([answer] { std::exchange(answer->done, nullptr)(std::move(*answer->result)); });
  });
}

} // namespace plugboard::audit
