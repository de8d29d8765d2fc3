#include "core/http/transport.hpp"

#include <system_error>
#include <utility>

namespace plugboard::http {
namespace {

class PlainTransport final : public Transport {
 public:
  PlainTransport(Socket socket, Protocol spoken) : socket_(std::move(socket)), spoken_(spoken) {}

  Moved greet() override { return {Io::moved}; }

  Protocol protocol() const override { return spoken_; }

  Moved read(std::span<char> into) override { return remember(socket_.read(into)); }

  Moved write(std::string_view bytes) override { return remember(socket_.write(bytes)); }

  bool holds_bytes() const override { return false; }

  std::string complaint() const override { return std::generic_category().message(error_); }

  Socket& socket() override { return socket_; }

 private:
  Moved remember(Moved moved) {
    if (moved.io == Io::failed) error_ = moved.error;
    return moved;
  }

  Socket socket_;
  const Protocol spoken_;
  int error_ = 0;
};

} // namespace

std::unique_ptr<Transport> plain_transport(Socket socket, Protocol spoken) {
  return std::make_unique<PlainTransport>(std::move(socket), spoken);
}

} // namespace plugboard::http
