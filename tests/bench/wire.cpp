#include "tests/bench/wire.hpp"

#include <sys/socket.h>

#include <cerrno>
#include <charconv>

namespace plugboard::bench {
namespace {

template <class Number>
Number number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool same(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != lower[i]) return false;
  }
  return true;
}

} // namespace

int Message::status() const {
  return first_line.size() < 12 ? 0 : number<int>(first_line.substr(9, 3));
}

std::optional<Message> first_message(std::string_view bytes) {
  const auto end = bytes.find("\r\n\r\n");
  if (end == bytes.npos) return std::nullopt;
  Message message;
  message.head = bytes.substr(0, end + 4);
  message.first_line = bytes.substr(0, bytes.find("\r\n"));
  const auto length = number<std::size_t>(field(message.head, "content-length"));
  if (bytes.size() < end + 4 + length) return std::nullopt;
  message.body = bytes.substr(end + 4, length);
  return message;
}

std::string_view field(std::string_view head, std::string_view name) {
  for (auto line = head.find("\r\n"); line != head.npos;) {
    const auto begin = line + 2, end = head.find("\r\n", begin), colon = head.find(':', begin);
    if (end == head.npos || colon == head.npos) break;
    if (colon < end && same(head.substr(begin, colon - begin), name)) {
      const auto value = head.find_first_not_of(' ', colon + 1);
      return head.substr(value, end - value);
    }
    line = end;
  }
  return {};
}

std::string_view after(std::string_view text, std::string_view mark, std::string_view until) {
  const auto at = text.find(mark);
  if (at == text.npos) return {};
  text.remove_prefix(at + mark.size());
  return text.substr(0, text.find_first_of(until));
}

std::size_t times(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != text.npos; at = text.find(word, at + word.size())) ++count;
  return count;
}

std::string json_answer(std::string_view body) {
  std::string bytes = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
  return bytes.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

void Wire::ready(std::uint32_t events) {
  if ((events & EPOLLOUT) != 0) flush();
  const bool open = (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) == 0 || receive();
  std::size_t used = 0;
  while (!gone()) {
    const auto next = first_message(std::string_view(received_).substr(used));
    if (!next) break;
    used += next->size();
    message(*next);
  }
  if (gone()) return;
  received_.erase(0, used);
  if (!open) ended();
}

bool Wire::receive() {
  constexpr std::size_t kMost = 64 * 1024;
  char bytes[kMost];
  for (;;) {
    const auto count = ::recv(fd(), bytes, kMost, 0);
    if (count > 0) received_.append(bytes, static_cast<std::size_t>(count));
    if (count == static_cast<ssize_t>(kMost)) continue;
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
  }
}

void Wire::send(std::string_view bytes) {
  if (unsent_.empty()) {
    const auto count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    if (bytes.empty()) return;
    loop_.listen_for(*this, EPOLLIN | EPOLLOUT);
  }
  unsent_.append(bytes);
}

void Wire::flush() {
  const auto count = ::send(fd(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (count > 0) unsent_.erase(0, static_cast<std::size_t>(count));
  if (unsent_.empty()) loop_.listen_for(*this, EPOLLIN);
}

} // namespace plugboard::bench
