// What is dropped: by an operator's word, with a connector's configuration, with age.
#include "core/context/answers_shard.hpp"

#include <algorithm>

namespace plugboard::context {

namespace {

bool is_of_customer(const std::vector<CustomerMark>& customers, CustomerMark wanted) {
  return customers.size() > KeptAnswers::kMostCustomers ||
         std::find(customers.begin(), customers.end(), wanted) != customers.end();
}

} // namespace

std::size_t Answers::purge(const Purge& purge) {
  const auto goes = [&](const AnswerKey& key, const std::vector<CustomerMark>& customers) {
    return (purge.tenant == "*" || purge.tenant == key.tenant()) &&
           (purge.connector.empty() || purge.connector == key.source().connector) &&
           (purge.section.empty() || purge.section == key.section()) &&
           (purge.customer.empty() || is_of_customer(customers, mark(key.tenant(), purge.customer)));
  };
  std::size_t dropped = 0;
  for (auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    dropped += shard->kept.drop_if([&](const auto& entry) { return goes(entry.key, entry.customers); });
    for (auto* flight = shard->first; flight != nullptr;) {
      auto& one = *std::exchange(flight, flight->after);
      if (goes(one.key, one.customers)) shard->forget(one);
    }
    note(*shard);
  }
  return dropped;
}

void Answers::keep_only(const std::vector<AnswerSourcePtr>& sources) {
  const auto stays = [&](const AnswerSource& source) {
    return std::any_of(sources.begin(), sources.end(), [&](const auto& one) { return see_the_same(*one, source); });
  };
  for (const auto& before : current_)
    if (!stays(*before)) before->is_retired = true;
  current_ = sources;
  for (auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    shard->kept.drop_if([&](const auto& entry) { return !stays(entry.key.source()); });
    note(*shard);
  }
}

void Answers::tend(Instant now) {
  for (auto& shard : shards_) {
    bool more = true;
    for (std::size_t next = 0; more;) { // its lock is held for a part at a time
      const std::lock_guard lock(shard->mutex);
      more = shard->kept.tend(now, next);
      note(*shard);
    }
  }
}

CacheFigures Answers::figures() const {
  CacheFigures figures;
  figures.most_bytes = most_bytes_;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    figures.bytes += shard->kept.bytes();
    figures.entries += shard->kept.entries();
    figures.flights += shard->under_way;
    figures.evictions += shard->kept.evictions();
  }
  return figures;
}

} // namespace plugboard::context
