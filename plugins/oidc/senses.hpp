// What the plugin knows of the world beside the hub, handed in so that tests can choose it. [any thread]
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace oidc {

struct Senses {
  std::function<std::int64_t()> now;              // unix seconds
  std::function<std::int64_t()> uptime_s;         // never goes back
  std::function<std::string(std::size_t)> random; // so many bytes that nobody can guess; throws when there are none
};

} // namespace oidc
