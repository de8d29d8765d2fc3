// A step that is done when its scope ends, also by an exception, unless the scope was done before: what else would be
// left half done, or locked. A local of the function that it serves. [the thread of its scope]
#pragma once

#include <utility>

namespace plugboard {

template <class Step> // must not throw: an exception may be on its way already
class OnExit {
 public:
  explicit OnExit(Step step) : step_(std::move(step)) {}

  ~OnExit() {
    if (!dismissed_) step_();
  }

  OnExit(const OnExit&) = delete;
  OnExit& operator=(const OnExit&) = delete;

  void dismiss() { dismissed_ = true; }

 private:
  Step step_;
  bool dismissed_ = false;
};

} // namespace plugboard
