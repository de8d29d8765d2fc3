#include "tests/support/connection.hpp"

#include "tests/support/provenance.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace plugboard::test {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return text;
}

Answer read_head(std::string_view head) {
  Answer answer;
  if (!head.starts_with("HTTP/1.1 ")) throw std::runtime_error("no HTTP answer: " + std::string(head));
  answer.status = std::stoi(std::string(head.substr(9, 3)));
  for (auto at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size();) {
    auto end = head.find("\r\n", at + 2);
    auto line = head.substr(at + 2, end == std::string_view::npos ? end : end - at - 2);
    auto colon = line.find(": ");
    if (colon != std::string_view::npos)
      answer.headers[lower(std::string(line.substr(0, colon)))] = std::string(line.substr(colon + 2));
    at = end;
  }
  return answer;
}

// Every answer of every test that is a context, whatever else the test looks at.
void hold_to_contract(const Answer& answer) {
  if (answer.status != 200 || !answer.body.starts_with("{\"context_id\"")) return;
  if (!Json::is_json(answer.body))
    return; // nested deeper than this parser reads; what is no JSON fails where it is read
  if (answer.json().has("/brought")) return; // a context explained: names and times, whose schema openapi.json holds
  const auto faults = provenance_faults(answer.json());
  if (!faults.empty()) throw std::runtime_error("a context that breaks the contract: " + faults + answer.body);
}

} // namespace

std::string Answer::header(const std::string& name) const {
  auto at = headers.find(name);
  return at == headers.end() ? "" : at->second;
}

std::string Answer::problem() const {
  constexpr std::string_view kUrn = "urn:plugboard:problem:";
  if (header("content-type") != "application/problem+json") return {};
  auto type = json().text("/type");
  return type.starts_with(kUrn) ? type.substr(kUrn.size()) : "";
}

std::string bytes_of(const Ask& ask) {
  std::string bytes = ask.method + " " + ask.path + " HTTP/1.1\r\nHost: hub.test\r\n";
  if (!ask.key.empty()) bytes += "Authorization: Bearer " + ask.key + "\r\n";
  for (const auto& [name, value] : ask.headers) bytes += name + ": " + value + "\r\n";
  if (ask.method == "POST" || !ask.body.empty())
    bytes += "Content-Type: application/json\r\nContent-Length: " + std::to_string(ask.body.size()) + "\r\n";
  return bytes + "\r\n" + ask.body;
}

Descriptor connect_tcp(int port, const std::string& from, int receive_buffer) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (receive_buffer > 0) ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  ::inet_pton(AF_INET, from.c_str(), &address.sin_addr);
  const int on = 1; // the port is chosen at connect, so that one port serves many pairs of addresses
  ::setsockopt(socket.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return Descriptor();
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return Descriptor();
  return socket;
}

std::optional<Connection> Connection::tcp(int port, const std::string& from) {
  auto socket = connect_tcp(port, from);
  if (socket.get() < 0) return std::nullopt;
  return Connection(std::move(socket));
}

std::optional<Connection> Connection::unix(const std::string& path) {
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long for a socket: " + path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return std::nullopt;
  return Connection(std::move(socket));
}

Answer Connection::read(std::chrono::milliseconds patience) {
  std::size_t end = 0;
  while ((end = received_.find("\r\n\r\n")) == std::string::npos)
    if (receive_some(socket_.get(), received_, patience) <= 0)
      throw std::runtime_error("the hub gave no answer; before that: \"" + received_ + "\"");
  auto answer = read_head(std::string_view(received_).substr(0, end));
  received_.erase(0, end + 4);
  auto length = answer.header("content-length").empty() ? 0 : std::stoul(answer.header("content-length"));
  while (received_.size() < length)
    if (receive_some(socket_.get(), received_, patience) <= 0)
      throw std::runtime_error("the hub's answer ends early: \"" + received_ + "\"");
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  hold_to_contract(answer);
  return answer;
}

Answer Connection::ask(const Ask& ask, std::chrono::milliseconds patience) {
  if (!send(bytes_of(ask))) throw std::runtime_error("the hub closed the connection");
  return read(patience);
}

bool Connection::ends(std::chrono::milliseconds patience) {
  return received_.empty() && receive_some(socket_.get(), received_, patience) == 0;
}

} // namespace plugboard::test
