#include "core/context/kept_answers.hpp"

#include <algorithm>

namespace plugboard::context {

namespace {

constexpr std::uint8_t kMostUses = 3;
constexpr std::size_t kBucketsAtATime = 256;

void add_customer(std::vector<CustomerMark>& customers, CustomerMark one) {
  if (customers.size() > KeptAnswers::kMostCustomers) return; // too many: see purge
  if (std::find(customers.begin(), customers.end(), one) == customers.end()) customers.push_back(one);
}

} // namespace

KeptAnswers::KeptAnswers(std::size_t most_bytes) : most_bytes_(most_bytes) {}

// All that an entry takes, allocators' headers and the tables' nodes included.
std::size_t KeptAnswers::size_of(const Entry& entry) {
  constexpr std::size_t kHeader = 16, kListNode = 2 * sizeof(void*) + kHeader;
  constexpr std::size_t kIndexNode = sizeof(Index::value_type) + 3 * sizeof(void*) + kHeader;
  constexpr std::size_t kSharedText = sizeof(std::string) + 2 * sizeof(void*) + 2 * kHeader;
  const auto& outcome = entry.answer.outcome;
  std::size_t bytes = sizeof(Entry) + kListNode + kIndexNode + entry.key.heap_bytes();
  bytes += kSharedText + outcome.data.size() + heap_bytes(outcome.detail) + heap_bytes(outcome.yields);
  for (const auto& type : outcome.refused.several) bytes += sizeof(std::string) + heap_bytes(type);
  return bytes + entry.customers.capacity() * sizeof(CustomerMark);
}

const KeptAnswer* KeptAnswers::find(std::uint64_t hash, const Question& question, CustomerMark customer) {
  const auto found = index_.find(hash);
  if (found == index_.end() || !found->second->key.is_of(question)) return nullptr;
  auto& entry = *found->second;
  if (entry.customers.front() != customer) add_customer(entry.customers, customer);
  if (entry.uses < kMostUses) ++entry.uses;
  return &entry.answer;
}

bool KeptAnswers::keep(std::uint64_t hash, AnswerKey key, KeptAnswer answer,
                       const std::vector<CustomerMark>& customers) {
  std::uint8_t uses = 0;
  bool is_main = is_ghost_.contains(hash);
  std::vector<CustomerMark> all = customers;
  if (const auto there = index_.find(hash); there != index_.end()) {
    auto& old = *there->second;
    if (old.key == key) {
      if (old.answer.asked > answer.asked) return true;
      uses = old.uses;
      is_main = old.is_main;
      for (const auto one : old.customers) add_customer(all, one);
    }
    erase(there);
  }
  all.shrink_to_fit();
  Queue made;
  made.push_back({std::move(key), std::move(answer), std::move(all), hash, 0, uses, is_main});
  auto& entry = made.front();
  entry.bytes = size_of(entry);
  if (entry.bytes > most_bytes_ / 4) return false;
  index_.emplace(hash, made.begin());
  auto& queue = is_main ? main_ : small_;
  (is_main ? main_bytes_ : small_bytes_) += entry.bytes;
  queue.splice(queue.end(), made);
  make_room();
  return true;
}

void KeptAnswers::erase(Index::iterator at) {
  const auto entry = at->second;
  (entry->is_main ? main_bytes_ : small_bytes_) -= entry->bytes;
  index_.erase(at);
  auto& queue = entry->is_main ? main_ : small_;
  queue.erase(entry);
}

void KeptAnswers::drop(std::uint64_t hash, const Question& question) {
  const auto found = index_.find(hash);
  if (found != index_.end() && found->second->key.is_of(question)) erase(found);
}

std::size_t KeptAnswers::drop_if(const std::function<bool(const Entry&)>& goes) {
  std::size_t dropped = 0;
  for (auto* queue : {&small_, &main_})
    for (auto entry = queue->begin(); entry != queue->end();) {
      const auto at = entry++;
      if (!goes(*at)) continue;
      erase(index_.find(at->hash));
      ++dropped;
    }
  return dropped;
}

bool KeptAnswers::tend(Instant now, std::size_t& next_bucket) {
  const std::size_t end = std::min(index_.bucket_count(), next_bucket + kBucketsAtATime);
  std::vector<std::uint64_t> over;
  for (; next_bucket < end; ++next_bucket)
    for (auto entry = index_.begin(next_bucket); entry != index_.end(next_bucket); ++entry)
      if (entry->second->answer.keep_until <= now) over.push_back(entry->first);
  for (const auto hash : over) erase(index_.find(hash));
  return next_bucket < index_.bucket_count();
}

void KeptAnswers::make_room() {
  while (bytes() > most_bytes_ && !index_.empty()) {
    if (!small_.empty() && (small_bytes_ > most_bytes_ / 10 || main_.empty()))
      evict_small();
    else
      evict_main();
  }
}

// The oldest of the small queue: to the main one, if anybody asked for it since; else out, remembered for a while.
void KeptAnswers::evict_small() {
  auto& oldest = small_.front();
  if (oldest.uses > 0) {
    oldest.uses = 0;
    oldest.is_main = true;
    small_bytes_ -= oldest.bytes;
    main_bytes_ += oldest.bytes;
    main_.splice(main_.end(), small_, small_.begin());
    return;
  }
  const auto hash = oldest.hash;
  erase(index_.find(hash));
  ++evictions_;
  remember(hash);
}

// The oldest of the main queue has as many more rounds as it was asked for.
void KeptAnswers::evict_main() {
  auto& oldest = main_.front();
  if (oldest.uses > 0) {
    --oldest.uses;
    main_.splice(main_.end(), main_, main_.begin());
    return;
  }
  erase(index_.find(oldest.hash));
  ++evictions_;
}

void KeptAnswers::remember(std::uint64_t hash) {
  if (is_ghost_.insert(hash).second) ghosts_.push_back(hash);
  while (ghosts_.size() > std::max<std::size_t>(16, main_.size())) {
    is_ghost_.erase(ghosts_.front());
    ghosts_.pop_front();
  }
}

} // namespace plugboard::context
