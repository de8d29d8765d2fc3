// The plugin's door, and the one place where it reads a clock.
#include "plugins/jwt/connector.hpp"

#include <plugboard/plugin.hpp>

#include <chrono>

namespace {

std::int64_t unix_now() {
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Jwt final : public jwt::Connector {
 public:
  Jwt(plugboard::Host host, std::string_view config) : Connector(host, config, unix_now) {}
};

} // namespace

PLUGBOARD_EXPORT(Jwt)
