#include "core/http/ticket_keys.hpp"

#include <openssl/crypto.h>

#include <algorithm>

namespace plugboard::http {

TicketKey::~TicketKey() {
  OPENSSL_cleanse(cipher.data(), cipher.size());
  OPENSSL_cleanse(mac.data(), mac.size());
}

void TicketKeys::renew(Instant now) {
  while (!keys_.empty() && now - keys_.back().born >= kSealsFor + kTicketLife) keys_.pop_back();
  if (!keys_.empty() && now - keys_.front().born < kSealsFor) return;
  TicketKey key;
  random(key.name);
  random(key.cipher);
  random(key.mac);
  key.born = now;
  keys_.push_front(key);
}

TicketKey TicketKeys::to_seal() {
  const std::lock_guard lock(mutex_);
  renew(clock_.now());
  return keys_.front();
}

std::optional<TicketKeys::Opener> TicketKeys::to_open(std::span<const unsigned char, 16> name) {
  const std::lock_guard lock(mutex_);
  renew(clock_.now());
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const TicketKey& key) { return std::ranges::equal(key.name, name); });
  if (found == keys_.end()) return std::nullopt;
  return Opener{*found, found == keys_.begin()};
}

} // namespace plugboard::http
