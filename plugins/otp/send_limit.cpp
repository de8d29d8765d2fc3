#include "plugins/otp/send_limit.hpp"

namespace otp {

SendLimit::Verdict SendLimit::look(Name recipient, Time now) {
  forget(now);
  if (sendings_.size() >= in_all_) return Verdict::all_have_enough;
  const auto found = counts_.find(recipient);
  return found != counts_.end() && found->second >= per_recipient_ ? Verdict::recipient_has_enough : Verdict::allowed;
}

void SendLimit::sent(Name recipient, Time now) {
  sendings_.push_back({now, recipient});
  ++counts_[recipient];
}

void SendLimit::forget(Time now) {
  while (!sendings_.empty() && sendings_.front().at + window_ <= now) {
    const auto found = counts_.find(sendings_.front().recipient);
    if (--found->second == 0) counts_.erase(found);
    sendings_.pop_front();
  }
}

} // namespace otp
