// A client that sends just the bytes it is told, and reads what comes; blocking, with a limit of time on everything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::http {

struct RawResponse {
  int status = 0;
  std::string head;
  std::string body;
};

class RawClient {
 public:
  // 127.0.0.1. buffer: bytes that its system takes in before they are read; 0: as usual.
  explicit RawClient(std::uint16_t port, int buffer = 0);
  explicit RawClient(const std::string& unix_path);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  bool connected() const { return connected_; }

  std::uint16_t own_port() const; // 0 over a Unix socket

  void send(std::string_view bytes);
  void no_more_writes();
  void close();
  void reset(); // closes so that the other side sees a reset

  std::optional<RawResponse> response(bool to_head = false); // none: the connection ended, or nothing came in time
  bool ended();                                              // nothing more comes, and the other side has closed
  bool ends();                                               // whatever still comes before that

 private:
  bool receive();

  int fd_;
  bool connected_ = false;
  std::string buffer_;
};

} // namespace plugboard::http
