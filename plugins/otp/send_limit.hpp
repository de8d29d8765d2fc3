// How often codes are sent: to one recipient, and in all, within a time that goes along with the clock. Remembers no
// more than what it allows in all, so its memory is bounded whoever asks. [one thread at a time]
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <unordered_map>

namespace otp {

class SendLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Name = std::uint64_t; // of a recipient: a keyed hash

  SendLimit(std::chrono::seconds window, std::size_t per_recipient, std::size_t in_all)
      : window_(window), per_recipient_(per_recipient), in_all_(in_all) {}

  enum class Verdict : std::uint8_t { allowed = 1, recipient_has_enough, all_have_enough };

  Verdict look(Name recipient, Time now);
  void sent(Name recipient, Time now); // after look() allowed it

  std::size_t remembered() const { return sendings_.size(); }

 private:
  struct Sending {
    Time at;
    Name recipient = 0;
  };

  void forget(Time now);

  std::chrono::seconds window_;
  std::size_t per_recipient_, in_all_;
  std::deque<Sending> sendings_; // oldest first
  std::unordered_map<Name, std::size_t> counts_;
};

} // namespace otp
