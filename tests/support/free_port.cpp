#include "tests/support/free_port.hpp"

#include "tests/support/descriptor.hpp"

#include <cstdint>
#include <random>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace plugboard::test {
namespace {

// Below those that Linux gives to connections by itself (ip_local_port_range): else a test's server that is down for a
// moment may find its port taken.
constexpr int kFirst = 16'384, kLast = 32'767, kTries = 1000;

bool is_free(int port) {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

} // namespace

int free_port() {
  std::random_device random;
  std::uniform_int_distribution<int> any(kFirst, kLast);
  for (int i = 0; i < kTries; ++i)
    if (const int port = any(random); is_free(port)) return port;
  throw std::runtime_error("there is no free port on the loopback");
}

} // namespace plugboard::test
