// Answers as they came, before policy, within so many bytes. A shard of the hub's cache; whoever owns it locks it.
//
// S3-FIFO decides what goes: what was asked for only once passes through a small queue and out again, so that no scan
// over all customers drives out what is asked for often; and a hit moves nothing, it only counts.
#pragma once

#include "core/connector/outcome.hpp"
#include "core/context/answer_key.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <unordered_map>
#include <unordered_set>

namespace plugboard::context {

using CustomerMark = std::uint64_t; // a hash of tenant and customer

struct KeptAnswer {
  connector::Outcome outcome; // its bytes are shared
  Instant asked{};            // when the call for it began
  Instant fetched{};
  Instant keep_until{};
};

class KeptAnswers {
 public:
  struct Entry {
    AnswerKey key;
    KeptAnswer answer;
    std::vector<CustomerMark> customers; // in whose contexts it was
    std::uint64_t hash;
    std::size_t bytes = 0;
    std::uint8_t uses = 0;
    bool is_main = false;
  };

  explicit KeptAnswers(std::size_t most_bytes);

  // Null: there is none. Counts as a use, by this customer's context. Good until the next call.
  const KeptAnswer* find(std::uint64_t hash, const Question& question, CustomerMark customer);

  // Takes the place of what is kept for this key, unless that was asked for later. False: it is too large to be kept.
  bool keep(std::uint64_t hash, AnswerKey key, KeptAnswer answer, const std::vector<CustomerMark>& customers);

  void drop(std::uint64_t hash, const Question& question);
  std::size_t drop_if(const std::function<bool(const Entry&)>& goes);

  // Drops what nobody may be given any more, a part of the shard at a time. False: that was the last part.
  bool tend(Instant now, std::size_t& next_bucket);

  std::size_t bytes() const { return small_bytes_ + main_bytes_ + ghosts_.size() * kGhostBytes; }

  std::size_t entries() const { return index_.size(); }

  std::uint64_t evictions() const { return evictions_; }

  static constexpr std::size_t kMostCustomers = 8; // of an entry; more: it goes when any of them is purged

 private:
  using Queue = std::list<Entry>; // the oldest first
  using Index = std::unordered_map<std::uint64_t, Queue::iterator>;
  static constexpr std::size_t kGhostBytes = 64; // a hash in a queue and in a set

  static std::size_t size_of(const Entry& entry);
  void erase(Index::iterator at);
  void make_room();
  void evict_small();
  void evict_main();
  void remember(std::uint64_t hash);

  const std::size_t most_bytes_;
  Queue small_, main_;
  std::size_t small_bytes_ = 0, main_bytes_ = 0;
  Index index_;
  std::deque<std::uint64_t> ghosts_; // what left the small queue lately: asked for again, it belongs to the main one
  std::unordered_set<std::uint64_t> is_ghost_;
  std::uint64_t evictions_ = 0;
};

} // namespace plugboard::context
