#include "core/worker/questions.hpp"

namespace plugboard::worker {

Questions::Answer Questions::secret(std::string_view handle) {
  std::uint64_t question = 0;
  {
    const std::lock_guard lock(mutex_);
    question = next_++;
    open_.emplace(question, Answer{});
  }
  outbox_.send([&](std::string& out) { wire::write(out, wire::SecretGet{question, handle}); });
  if (inbox_.is_this_thread()) {
    outbox_.flush_held();
    inbox_.read_until([&] { return is_there(question); },
                      [this](const wire::Frame& frame) {
                        if (frame.type != wire::Type::secret) return false;
                        if (const auto value = wire::read_secret_value(frame.body)) answered(*value);
                        return true;
                      });
  }
  std::unique_lock lock(mutex_);
  came_.wait(lock, [&] { return open_.at(question).there; });
  return std::move(open_.extract(question).mapped());
}

bool Questions::is_there(std::uint64_t question) {
  const std::lock_guard lock(mutex_);
  return open_.at(question).there;
}

void Questions::answered(const wire::SecretValue& value) {
  const std::lock_guard lock(mutex_);
  const auto found = open_.find(value.question);
  if (found == open_.end()) return;
  found->second = {true, value.result, Secret(std::string(value.value))};
  came_.notify_all();
}

} // namespace plugboard::worker
