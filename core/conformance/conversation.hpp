// One call of the suite's: the question with the text behind its views, and what came back, copied as a hub copies it.
// [any thread]
#pragma once

#include "core/base/identifier.hpp"
#include "core/connector/input.hpp"
#include "core/connector/reply.hpp"

#include <plugboard/abi.h>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::conformance {

struct Question {
  std::string section = "contact";
  std::vector<Identifier> identifiers{};
  std::string params = "{}", credential = "{}";
  std::vector<connector::Input> inputs{}; // of a section that is computed from others
};

class Conversation {
 public:
  Conversation(std::int32_t operation, Question question);
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  const plugboard_request& request() const { return request_; }

  plugboard_call* handle() { return reinterpret_cast<plugboard_call*>(this); }

  static Conversation& of(plugboard_call* handle) { return *reinterpret_cast<Conversation*>(handle); }

  void complete(const plugboard_reply* reply);
  int completions() const;
  std::optional<connector::Reply> wait_for(Duration patience); // the first

 private:
  Question question_;
  std::vector<plugboard_identifier> identifiers_;
  std::vector<plugboard_input> inputs_;
  plugboard_request request_{};
  mutable std::mutex mutex_;
  std::condition_variable came_;
  int completions_ = 0;
  std::optional<connector::Reply> first_;
};

} // namespace plugboard::conformance
