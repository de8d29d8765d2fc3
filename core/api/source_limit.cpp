#include "core/api/source_limit.hpp"

#include <algorithm>

namespace plugboard::api {

double SourceLimit::filled(const Bucket& bucket, Instant now) const {
  const double waited = std::chrono::duration<double>(now - bucket.at).count();
  return std::min(rate_.burst, bucket.tokens + std::max(0.0, waited) * rate_.per_second);
}

bool SourceLimit::admits(std::string_view source, Instant now) {
  auto found = buckets_.find(source);
  if (found == buckets_.end()) {
    if (buckets_.size() >= rate_.sources)
      std::erase_if(buckets_, [&](const auto& each) { return filled(each.second, now) >= rate_.burst; });
    if (buckets_.size() >= rate_.sources) return false;
    found = buckets_.emplace(source, Bucket{rate_.burst, now}).first;
  }
  Bucket& bucket = found->second;
  bucket = {filled(bucket, now), now};
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

} // namespace plugboard::api
