#include "core/conformance/conversation.hpp"

namespace plugboard::conformance {
namespace {

constexpr std::size_t kMostReplyBytes = std::size_t{1} << 20; // as a hub that is not told otherwise
constexpr std::int64_t kDeadline = 5'000'000'000;             // nanoseconds

plugboard_str view(std::string_view text) {
  return {text.data(), text.size()};
}

} // namespace

Conversation::Conversation(std::int32_t operation, Question question) : question_(std::move(question)) {
  static const std::string kTenant = "default", kContext = "conformance";
  for (const auto& each : question_.identifiers)
    identifiers_.push_back({view(each.type), view(each.value), view(each.source), each.verified ? 1U : 0U, 0});
  for (const auto& each : question_.inputs)
    inputs_.push_back({view(each.name), view(each.data), each.age.count(), each.stale ? 1U : 0U, 0});
  request_.p = PLUGBOARD_PREFIX(plugboard_request);
  request_.operation = operation;
  request_.deadline_ns = kDeadline;
  request_.tenant = view(kTenant);
  request_.section = view(question_.section);
  request_.context_id = view(kContext);
  request_.identifiers = identifiers_.data();
  request_.identifier_count = identifiers_.size();
  request_.inputs = inputs_.data();
  request_.input_count = inputs_.size();
  request_.params = view(question_.params);
  request_.credential = view(question_.credential);
}

void Conversation::complete(const plugboard_reply* reply) {
  auto copied = connector::copy_reply(reply, kMostReplyBytes);
  const std::lock_guard lock(mutex_);
  if (completions_++ == 0) first_ = std::move(copied);
  came_.notify_all();
}

int Conversation::completions() const {
  const std::lock_guard lock(mutex_);
  return completions_;
}

std::optional<connector::Reply> Conversation::wait_for(Duration patience) {
  std::unique_lock lock(mutex_);
  if (!came_.wait_for(lock, patience, [this] { return completions_ > 0; })) return std::nullopt;
  return first_;
}

} // namespace plugboard::conformance
