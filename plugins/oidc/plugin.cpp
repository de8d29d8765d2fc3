// The plugin's door, and the one place where it reads clocks and asks for randomness.
#include "plugins/oidc/connector.hpp"

#include <plugboard/plugin.hpp>

#include <openssl/rand.h>

#include <chrono>
#include <stdexcept>

namespace {

template <class Clock>
std::int64_t seconds() {
  return std::chrono::duration_cast<std::chrono::seconds>(Clock::now().time_since_epoch()).count();
}

std::string random(std::size_t size) {
  std::string bytes(size, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1)
    throw std::runtime_error("there is no randomness for state, nonce and code verifier");
  return bytes;
}

class Oidc final : public oidc::Connector {
 public:
  Oidc(plugboard::Host host, std::string_view config)
      : Connector(host, config, {seconds<std::chrono::system_clock>, seconds<std::chrono::steady_clock>, random}) {}
};

} // namespace

PLUGBOARD_EXPORT(Oidc)
