// A blocking HTTP/1.1 client for tests: sends any bytes, good or bad, over TCP or a Unix socket. [one thread]
#pragma once

#include "tests/support/descriptor.hpp"
#include "tests/support/json.hpp"
#include "tests/support/process.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::test {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers; // names lower case
  std::string body;

  Json json() const { return Json::parse(body); }

  std::string header(const std::string& name) const; // "" when it is not there
  std::string problem() const;                       // NAME of "urn:plugboard:problem:NAME"; "" when it is none
};

struct Ask {
  std::string method = "POST";
  std::string path;
  std::string key{}; // of the client; none: no Authorization
  std::string body;  // sent with its length when the method is POST
  std::map<std::string, std::string> headers{};
};

std::string bytes_of(const Ask& ask);

// To a port of this machine; closed when it is refused. from: an address of this machine. receive_buffer: what the
// kernel holds for it, bytes; 0: as usual.
Descriptor connect_tcp(int port, const std::string& from = "127.0.0.1", int receive_buffer = 0);

class Connection {
 public:
  // from: an address of this machine. None: refused.
  static std::optional<Connection> tcp(int port, const std::string& from = "127.0.0.1");
  static std::optional<Connection> unix(const std::string& path);

  bool send(std::string_view bytes) { return send_all(socket_.get(), bytes); }

  // The next answer. Throws when there comes none.
  Answer read(std::chrono::milliseconds patience = kPatience); // between two bytes
  Answer ask(const Ask& ask, std::chrono::milliseconds patience = kPatience);
  bool ends(std::chrono::milliseconds patience = kPatience); // the other side closes, without another byte

  void close() { socket_.close(); }

 private:
  explicit Connection(Descriptor socket) : socket_(std::move(socket)) {}

  Descriptor socket_;
  std::string received_;
};

} // namespace plugboard::test
