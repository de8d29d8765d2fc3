// One call as a test makes it: the question with the text behind its views, and what came back. Kept by the FakeHost
// to its end, so that a second or late completion is seen and harms nothing. [any thread]
#pragma once

#include <plugboard/types.hpp>

#include <condition_variable>
#include <mutex>
#include <stdexcept>

namespace plugboard::testkit {

struct Given {
  std::string type{}, value{};
  bool verified = true;
  std::string source = "login";
};

struct GivenInput { // derive
  std::string name{}, data{};
  std::chrono::nanoseconds age{0};
  bool stale = false;
};

struct Question {
  std::string section = "contact";
  std::vector<Given> identifiers{};
  std::string params = "{}";
  std::string credential = "{}"; // authenticate, logout
  std::string state{};           // authenticate: the second step and later
  std::string tenant = "default", purpose{}, actor{}, language{}, context_id = "test", traceparent{};
  std::chrono::nanoseconds deadline = std::chrono::seconds(5);
  std::vector<GivenInput> inputs{}; // derive
};

struct Answer {
  Status status = Status::internal;
  std::string data{}, message{};
  std::vector<Yield> identifiers{};
  std::chrono::nanoseconds retry_after{0};
  bool verbatim = false;
};

class Conversation {
 public:
  Conversation(std::int32_t operation, Question question) : question_(std::move(question)) {
    for (const auto& i : question_.identifiers)
      identifiers_.push_back({str(i.type), str(i.value), str(i.source), i.verified ? 1U : 0U, 0});
    for (const auto& i : question_.inputs)
      inputs_.push_back({str(i.name), str(i.data), i.age.count(), i.stale ? 1U : 0U, 0});
    request_ = plugboard_request{PLUGBOARD_PREFIX(plugboard_request),
                                 operation,
                                 0,
                                 question_.deadline.count(),
                                 str(question_.tenant),
                                 str(question_.section),
                                 str(question_.purpose),
                                 str(question_.actor),
                                 str(question_.language),
                                 str(question_.context_id),
                                 str(question_.traceparent),
                                 identifiers_.data(),
                                 identifiers_.size(),
                                 str(question_.params),
                                 str(question_.credential),
                                 str(question_.state),
                                 inputs_.data(),
                                 inputs_.size()};
  }

  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  const plugboard_request& request() const { return request_; }

  plugboard_call* handle() { return reinterpret_cast<plugboard_call*>(this); }

  static Conversation& of(plugboard_call* handle) { return *reinterpret_cast<Conversation*>(handle); }

  void complete(const plugboard_reply& reply) {
    Answer answer{static_cast<Status>(reply.status),
                  std::string(view(reply.data)),
                  std::string(view(reply.message)),
                  {},
                  std::chrono::nanoseconds(reply.retry_after_ns),
                  (reply.flags & PLUGBOARD_REPLY_VERBATIM) != 0};
    for (std::size_t i = 0; i < reply.identifier_count; ++i) {
      const auto& raw = reply.identifiers[i];
      answer.identifiers.push_back({std::string(view(raw.type)), std::string(view(raw.value)), raw.verified != 0});
    }
    std::lock_guard lock(mutex_);
    if (completions_++ == 0) first_ = std::move(answer);
    came_.notify_all();
  }

  int completions() const {
    std::lock_guard lock(mutex_);
    return completions_;
  }

  std::optional<Answer> wait_for(std::chrono::nanoseconds patience) {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, patience, [this] { return completions_ > 0; })) return std::nullopt;
    return first_;
  }

  Answer wait(std::chrono::nanoseconds patience) {
    if (auto answer = wait_for(patience)) return *answer;
    throw std::runtime_error("the connector has not answered the call for \"" + question_.section + "\"");
  }

 private:
  Question question_;
  std::vector<plugboard_identifier> identifiers_;
  std::vector<plugboard_input> inputs_;
  plugboard_request request_{};
  mutable std::mutex mutex_;
  std::condition_variable came_;
  int completions_ = 0;
  std::optional<Answer> first_;
};

} // namespace plugboard::testkit
