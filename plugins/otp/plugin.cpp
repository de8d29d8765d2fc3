// The plugin's door, and the one place where it reads clocks and chance.
#include "plugins/otp/connector.hpp"

#include <plugboard/plugin.hpp>

#include <openssl/rand.h>

#include <chrono>
#include <stdexcept>

namespace {

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

void random_bytes(unsigned char* bytes, std::size_t count) {
  if (RAND_priv_bytes(bytes, static_cast<int>(count)) != 1) throw std::runtime_error("no randomness to be had");
}

class Otp final : public otp::Connector {
 public:
  Otp(plugboard::Host host, std::string_view config)
      : Connector(host, config, {unix_now, std::chrono::steady_clock::now}, random_bytes) {}
};

} // namespace

PLUGBOARD_EXPORT(Otp)
