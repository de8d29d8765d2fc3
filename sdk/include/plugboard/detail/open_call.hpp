// The calls of one connector that are not over yet: found by handle to be cancelled, counted so that stop() can wait
// for them. An open call keeps its Request alive and makes sure that it is answered once. [any thread]
#pragma once

#include <plugboard/detail/complete.hpp>
#include <plugboard/request.hpp>

#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>

namespace plugboard::detail {

class OpenCall;

// One for each instance. The list is threaded through the calls themselves: entering one allocates nothing.
class OpenCalls {
 public:
  inline void enter(OpenCall& call);
  inline void leave(OpenCall& call) noexcept;
  inline void cancel(plugboard_call* handle) noexcept;
  inline void cancel_all() noexcept;

  bool wait_until_none(std::chrono::nanoseconds patience) {
    std::unique_lock lock(mutex_);
    return none_.wait_for(lock, patience, [this] { return first_ == nullptr; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable none_;
  OpenCall* first_ = nullptr;
};

// An async call is shared by the author's `Call` and by the frame that runs the author's code (Guard); a blocking one
// stands on its thread's stack.
class OpenCall {
 public:
  OpenCall(OpenCalls& all, const plugboard_host* host, const plugboard_request& request, plugboard_call* handle)
      : all_(all), host_(host), handle_(handle), request_(request, handle, stop_.get_token()) {
    all_.enter(*this);
  }

  OpenCall(const OpenCall&) = delete;
  OpenCall& operator=(const OpenCall&) = delete;

  ~OpenCall() { all_.leave(*this); }

  const Request& request() const { return request_; }

  plugboard_call* handle() const noexcept { return handle_.load(); } // null once answered

  template <class Answer>
  void answer(const Answer& with) noexcept {
    if (auto* handle = handle_.exchange(nullptr)) complete(host_, handle, with);
  }

  // The right to answer is given up. While an exception passes, the frame below that catches it knows the reason:
  // the answer is left to it.
  void drop() noexcept {
    if (std::uncaught_exceptions() == 0) return answer(Failure{Status::abandoned, {}});
    dropped_ = true;
    if (guards_ == 0 && dropped_.exchange(false)) answer(Failure{Status::abandoned, {}});
  }

 private:
  friend class OpenCalls;
  friend class Guard;

  OpenCalls& all_;
  const plugboard_host* host_;
  std::atomic<plugboard_call*> handle_;
  std::atomic<int> guards_ = 0; // frames that run the author's code for this call
  std::atomic<bool> dropped_ = false;
  std::stop_source stop_;
  Request request_;
  OpenCall* previous_ = nullptr;
  OpenCall* next_ = nullptr;
};

// A frame that runs the author's code for an async call: no exception leaves it, and one that dropped
// the call becomes its answer.
class Guard {
 public:
  template <class F>
  static void run(OpenCall& call, F&& author) noexcept {
    ++call.guards_;
    try {
      std::forward<F>(author)();
      over(call, {Status::abandoned, {}}, nullptr);
    } catch (const std::exception& e) {
      thrown(call, e.what());
    } catch (...) {
      thrown(call, "it threw something that is no std::exception");
    }
  }

 private:
  static void thrown(OpenCall& call, const char* what) noexcept {
    try {
      over(call, {Status::internal, what}, what);
    } catch (...) { // no memory for the message
      over(call, {Status::internal, {}}, "out of memory");
    }
  }

  static void over(OpenCall& call, const Failure& failure, const char* what) noexcept {
    --call.guards_;
    if (call.dropped_.exchange(false))
      call.answer(failure);
    else if (what) // answered already, or somebody else holds the right to: only the log is left
      call.host_->log(call.host_, PLUGBOARD_LOG_ERROR, str(what));
  }
};

void OpenCalls::enter(OpenCall& call) {
  std::lock_guard lock(mutex_);
  call.next_ = first_;
  if (first_) first_->previous_ = &call;
  first_ = &call;
}

void OpenCalls::leave(OpenCall& call) noexcept {
  std::lock_guard lock(mutex_); // held while notifying: who waits may destroy this object next
  if (call.next_) call.next_->previous_ = call.previous_;
  (call.previous_ ? call.previous_->next_ : first_) = call.next_;
  if (!first_) none_.notify_all();
}

// Stops outside the lock: what hangs on the token may answer the call at once.
void OpenCalls::cancel(plugboard_call* handle) noexcept {
  std::stop_source stop(std::nostopstate);
  {
    std::lock_guard lock(mutex_);
    for (auto* call = first_; call && !stop.stop_possible(); call = call->next_)
      if (call->handle() == handle) stop = call->stop_;
  }
  stop.request_stop();
}

void OpenCalls::cancel_all() noexcept {
  for (;;) {
    std::stop_source stop(std::nostopstate);
    {
      std::lock_guard lock(mutex_);
      for (auto* call = first_; call && !stop.stop_possible(); call = call->next_)
        if (!call->stop_.stop_requested()) stop = call->stop_;
    }
    if (!stop.request_stop()) return;
  }
}

} // namespace plugboard::detail
