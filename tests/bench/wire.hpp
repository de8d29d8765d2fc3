// HTTP/1.1 as the benchmark's own programs speak it among friends: messages with Content-Length. [any thread]
#pragma once

#include "tests/bench/loop.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace plugboard::bench {

struct Message { // views into the bytes it was read from
  std::string_view first_line, head, body;

  std::size_t size() const { return head.size() + body.size(); }

  int status() const; // of an answer
};

std::optional<Message> first_message(std::string_view bytes);         // none: it is not all there
std::string_view field(std::string_view head, std::string_view name); // a header field's value; name: lower case
std::string_view after(std::string_view text, std::string_view mark, std::string_view until); // "": it is not there
std::size_t times(std::string_view text, std::string_view word); // how often word stands there

std::string json_answer(std::string_view body);

// One end of a connection: what came and was not yet read, what was not yet sent.
class Wire : public Watcher {
 public:
  Wire(Loop& loop, test::Descriptor socket) : Watcher(std::move(socket)), loop_(loop) {}

  void ready(std::uint32_t events) final;
  void send(std::string_view bytes); // at once as far as it goes, the rest later

  bool sent() const { return unsent_.empty(); }

 protected:
  virtual void message(const Message& message) = 0; // may send, or let itself be released
  virtual void ended() = 0;                         // the other side is gone; nothing comes any more

  Loop& loop_;

 private:
  bool receive(); // false: the other side is gone
  void flush();

  std::string received_, unsent_;
};

} // namespace plugboard::bench
