#include "tests/reliability/edge/answers.hpp"

#include "tests/support/descriptor.hpp"
#include "tests/support/hub_config.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cctype>

namespace plugboard::test {

namespace {

Descriptor connected(int port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  if (::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return Descriptor();
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

} // namespace

std::string AnswersSeen::summary() const {
  std::string text;
  for (const auto& answer : answers) text += std::to_string(answer.status) + (answer.closes ? "(close) " : " ");
  if (!rest.empty()) text += "and " + std::to_string(rest.size()) + " bytes that are no answer ";
  return text + (ended ? "then closed" : "then not closed");
}

std::vector<OneAnswer> take_answers(std::string& bytes) {
  std::vector<OneAnswer> answers;
  for (;;) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos || !bytes.starts_with("HTTP/1.")) return answers;
    const auto head = lower_case(bytes.substr(0, end + 2));
    OneAnswer answer;
    answer.status = std::atoi(head.c_str() + 9);
    answer.closes = head.find("\r\nconnection: close\r\n") != std::string::npos;
    const auto length = head.find("\r\ncontent-length: ");
    const auto size = length == std::string::npos ? 0 : std::stoul(head.substr(length + 18));
    if (bytes.size() < end + 4 + size) return answers;
    answer.body = bytes.substr(end + 4, size);
    bytes.erase(0, end + 4 + size);
    if (answer.status >= 200) answers.push_back(std::move(answer));
  }
}

AnswersSeen exchange(int port, const std::vector<std::string>& pieces, std::chrono::milliseconds patience,
                     bool then_ends) {
  AnswersSeen seen;
  const auto socket = connected(port);
  for (const auto& piece : pieces)
    if (!send_all(socket.get(), piece)) break; // closed already: what it said is still to be read
  if (then_ends) ::shutdown(socket.get(), SHUT_WR);
  long got = 0;
  do got = receive_some(socket.get(), seen.rest, patience);
  while (got > 0);
  seen.ended = got == 0;
  seen.answers = take_answers(seen.rest);
  return seen;
}

std::string marked_body(const std::string& mark) {
  return R"({"session": "s", ")" + mark + R"(": 1})";
}

std::string marked_request(const std::string& mark, const std::string& more) {
  const auto body = marked_body(mark);
  return "POST /v1/context HTTP/1.1\r\nHost: hub.test\r\nAuthorization: Bearer " + std::string(kDesk) + "\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

bool is_marked(const OneAnswer& answer, const std::string& mark) {
  return answer.body.find("/" + mark) != std::string::npos;
}

} // namespace plugboard::test
