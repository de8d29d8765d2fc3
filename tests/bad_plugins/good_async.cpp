#include <plugboard/plugin.hpp>

#include <mutex>
#include <thread>

namespace {

// Answers each call from a thread of its own.
class Good : public plugboard::AsyncLookup {
 public:
  Good(plugboard::Host, std::string_view) {}

  void lookup(const plugboard::Request& request, plugboard::Call call) override {
    auto email = request.find("email");
    plugboard::Section found{R"({"customer_id":"1","name":"Ada","emails":[{"address":")" +
                                 std::string(email ? email->value : "") + R"("}]})",
                             {{"customer_id", "1", true}}};
    std::lock_guard lock(mutex_);
    threads_.emplace_back([call = std::move(call), found = std::move(found)]() mutable { call.complete(found); });
  }

  void stop() { threads_.clear(); }

 private:
  std::mutex mutex_;
  std::vector<std::jthread> threads_;
};

} // namespace

PLUGBOARD_EXPORT(Good)
