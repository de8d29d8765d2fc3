#include "core/session/seal.hpp"

#include "core/base/crypto.hpp"

namespace plugboard::session {
namespace {

constexpr std::string_view kPurpose = "row";

} // namespace

Seal::Seal(std::string_view table) {
  add(table);
}

Seal& Seal::add(std::string_view text) {
  parts_ += std::to_string(text.size());
  parts_ += ':';
  parts_ += text;
  return *this;
}

Seal& Seal::add(std::int64_t number) {
  return add(std::string_view(std::to_string(number)));
}

KeyedHash Seal::under(const Keys& keys) const {
  return keys.hash(kPurpose, parts_);
}

bool Seal::matches(const Keys& keys, const KeyedHash& stored) const {
  const auto ours = keys.hash_under(stored.key_id, kPurpose, parts_);
  return ours && equal_in_constant_time(ours->digest, stored.digest);
}

std::string Seal::digest() const {
  return hex(sha256(parts_));
}

Counter& damaged_rows(Metrics& metrics) {
  return metrics.counter("plugboard_store_damaged_rows_total",
                         "Rows read whose seal does not match: changed by the disk or by hand, or their key is gone.");
}

} // namespace plugboard::session
