#include <plugboard/plugin.hpp>

#include <atomic>
#include <charconv>
#include <list>
#include <mutex>
#include <thread>

namespace {

// Answers from a thread of its own, 300 ms after the deadline or after params.ms, whether anybody waits or not.
class Bad : public plugboard::AsyncLookup {
 public:
  Bad(plugboard::Host, std::string_view) {}

  void lookup(const plugboard::Request& request, plugboard::Call call) override {
    std::chrono::nanoseconds wait = request.time_left() + std::chrono::milliseconds(300);
    int ms = 0;
    auto at = request.params().find("\"ms\":");
    if (at != std::string_view::npos) {
      auto digits = request.params().substr(at + 5);
      digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
      std::from_chars(digits.data(), digits.data() + digits.size(), ms);
      wait = std::chrono::milliseconds(ms);
    }
    std::lock_guard lock(mutex_);
    // It is late, but does not leak: a thread that nobody joined keeps its stack.
    std::erase_if(answers_, [](const Answer& answer) { return answer.given.load(); });
    auto& answer = answers_.emplace_back();
    answer.thread = std::jthread([wait, &given = answer.given, call = std::move(call)]() mutable {
      std::this_thread::sleep_for(wait);
      call.complete(plugboard::Section{R"({"customer_id":"1","name":"Ada"})", {}});
      given = true;
    });
  }

  void stop() { answers_.clear(); }

 private:
  struct Answer {
    std::atomic<bool> given{false};
    std::jthread thread; // uses the above
  };

  std::mutex mutex_;
  std::list<Answer> answers_;
};

} // namespace

PLUGBOARD_EXPORT(Bad)
