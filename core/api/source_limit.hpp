// How often one address may ask what needs no client's key: a bucket of tokens for each, so that a stranger wears out
// nobody but himself. Bounded: when it is full of addresses that asked lately, no further one is admitted. One an
// AgentApi. [its thread]
#pragma once

#include "core/base/clock.hpp"

#include <map>
#include <string>
#include <string_view>

namespace plugboard::api {

class SourceLimit {
 public:
  struct Rate {
    double per_second = 20;
    double burst = 100;
    std::size_t sources = 10'000;
  };

  SourceLimit() = default;

  explicit SourceLimit(Rate rate) : rate_(rate) {}

  bool admits(std::string_view source, Instant now);

 private:
  struct Bucket {
    double tokens;
    Instant at;
  };

  double filled(const Bucket& bucket, Instant now) const;

  Rate rate_;
  std::map<std::string, Bucket, std::less<>> buckets_;
};

} // namespace plugboard::api
