// The upstream's side of one HTTP/2 connection, frame by frame, over a Conversation. [the conversation's thread]
#pragma once

#include "tests/unit/http/field_reader.hpp"
#include "tests/unit/http/upstream.hpp"

#include <map>
#include <optional>
#include <string>

namespace plugboard::http {

struct H2Request {
  std::int32_t stream = 0;
  Fields fields;
  std::string body;
};

class H2Talk {
 public:
  explicit H2Talk(Conversation& conversation) : conversation_(conversation) {}

  H2Talk(const H2Talk&) = delete;
  H2Talk& operator=(const H2Talk&) = delete;

  // Reads the hub's preface, sends these settings.
  void greet(const std::vector<std::pair<std::uint16_t, std::uint32_t>>& settings = {});
  std::optional<Frame> next();        // whatever it is; SETTINGS are acknowledged. None: the hub has closed
  std::optional<H2Request> request(); // the next that is whole; other frames are passed over, and counted
  bool await(std::uint8_t type);      // passes over others; false: the hub has closed
  std::optional<Frame> await_frame(std::uint8_t type);

  void send(std::string_view bytes) { conversation_.send(bytes); }

  void answer_all(); // each with its path, until the hub closes

  int heard(std::uint8_t type) const { // so far
    const auto found = heard_.find(type);
    return found == heard_.end() ? 0 : found->second;
  }

 private:
  Conversation& conversation_;
  std::string bytes_;
  FieldReader reader_;
  std::map<std::int32_t, H2Request> begun_;
  std::map<std::uint8_t, int> heard_;
};

} // namespace plugboard::http
