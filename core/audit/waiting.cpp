#include "core/audit/waiting.hpp"

#include "core/base/insist.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace plugboard::audit {
namespace {

Error late() {
  return plugboard::fail(Code::unavailable, "the record was not on the disk in time", "audit");
}

} // namespace

void Waiting::push(Entry entry, Poster back, Trail::Done done) {
  std::unique_lock lock(mutex_);
  std::optional<Error> refused = failing_;
  if (!refused && closed_) refused = plugboard::fail(Code::unavailable, "the audit trail is closing", "audit");
  if (!refused && askers_.size() + in_hand_.size() >= limits_.awaited)
    refused = plugboard::fail(Code::overloaded, std::to_string(limits_.awaited) + " records wait already", "audit");
  if (!refused) {
    askers_.push_back({std::move(back), std::move(done), clock_.now()});
    entry.is_awaited = true;
    entries_.push_back(std::move(entry));
    lock.unlock();
    return came_.notify_one();
  }
  lock.unlock();
  Told told;
  told.emplace_back(Asker{std::move(back), std::move(done), {}}, *refused);
  tell(std::move(told));
}

void Waiting::push(Entry entry) {
  const std::lock_guard lock(mutex_);
  if (not_awaited_ >= limits_.not_awaited) {
    ++lost_;
    return;
  }
  ++not_awaited_;
  entries_.push_back(std::move(entry));
}

bool Waiting::has_urgent() const {
  return !askers_.empty();
}

std::vector<Entry> Waiting::take(std::size_t most_bytes) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, limits_.linger, [this] { return closed_ || has_urgent(); });
  std::vector<Entry> taken;
  for (std::size_t bytes = 0; !entries_.empty() && bytes < most_bytes; entries_.pop_front()) {
    bytes += entries_.front().members.size();
    if (entries_.front().is_awaited) {
      in_hand_.push_back(std::move(askers_.front()));
      askers_.pop_front();
    } else {
      --not_awaited_;
    }
    taken.push_back(std::move(entries_.front()));
  }
  return taken;
}

std::vector<Receipt> Waiting::answer(std::vector<Entry> entries, std::uint64_t first) {
  Told told;
  std::vector<Receipt> unheard;
  {
    const std::lock_guard lock(mutex_);
    for (auto& entry : entries) {
      Receipt receipt{first++, std::move(entry.about)};
      if (!entry.is_awaited) continue;
      auto asker = std::move(in_hand_.front());
      in_hand_.pop_front();
      if (asker.done)
        told.emplace_back(std::move(asker), std::move(receipt));
      else
        unheard.push_back(std::move(receipt));
    }
  }
  tell(std::move(told));
  return unheard;
}

void Waiting::give_back(std::vector<Entry> entries, const Error& why) {
  Told told;
  {
    const std::lock_guard lock(mutex_);
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
      if (entry->is_awaited) continue;
      ++not_awaited_;
      entries_.push_front(std::move(*entry));
    }
    for (auto& asker : in_hand_)
      if (asker.done) told.emplace_back(std::move(asker), why);
    in_hand_.clear();
  }
  tell(std::move(told));
}

bool Waiting::refuse_late() {
  Told told;
  bool hangs = false;
  {
    const std::lock_guard lock(mutex_);
    const auto oldest = clock_.now() - limits_.patience;
    for (auto& asker : in_hand_) {
      if (asker.since > oldest) break;
      hangs = true;
      if (asker.done) told.emplace_back(Asker{std::move(asker.back), std::exchange(asker.done, nullptr), {}}, late());
    }
    // Never taken: nothing of them is written.
    while (!askers_.empty() && askers_.front().since <= oldest) {
      told.emplace_back(std::move(askers_.front()), late());
      askers_.pop_front();
      entries_.erase(std::find_if(entries_.begin(), entries_.end(), [](const auto& one) { return one.is_awaited; }));
    }
  }
  tell(std::move(told));
  return hangs;
}

void Waiting::fail(const Error& why) {
  Told told;
  {
    const std::lock_guard lock(mutex_);
    failing_ = why;
    for (auto& asker : askers_) told.emplace_back(std::move(asker), why);
    askers_.clear();
    std::erase_if(entries_, [](const auto& entry) { return entry.is_awaited; });
  }
  tell(std::move(told));
}

void Waiting::works() {
  const std::lock_guard lock(mutex_);
  failing_.reset();
}

bool Waiting::fails() const {
  const std::lock_guard lock(mutex_);
  return failing_.has_value();
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
}

bool Waiting::is_closing() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool Waiting::is_empty() const {
  const std::lock_guard lock(mutex_);
  return entries_.empty();
}

// What `done` holds dies on the thread that asked: it is taken out there, and no copy stays here.
void Waiting::tell(Told told) {
  struct Answer {
    Trail::Done done;
    Result<Receipt> result;
  };

  for (auto& [asker, result] : told) {
    if (!asker.done) continue;
    if (!asker.back) {
      std::exchange(asker.done, nullptr)(std::move(result));
      continue;
    }
    std::shared_ptr<Answer> answer;
    insist([&, &from = asker, &what = result] {
      if (!answer) answer = std::make_shared<Answer>(Answer{std::move(from.done), std::move(what)});
      from.back([answer] { std::exchange(answer->done, nullptr)(std::move(answer->result)); });
    });
  }
}

} // namespace plugboard::audit
