// Several things that a call waits for at once: the last that comes to an end goes on with the call. [any thread]
#pragma once

#include <plugboard/detail/resume.hpp>

#include <memory>
#include <utility>
#include <vector>

namespace plugboard::detail {

// Kept by whoever is still to write a result, and by whoever is still to ask for one: when the last of them lets go, it
// goes on, also when there was nothing to wait for.
template <class F, class Result>
class Join {
 public:
  Join(std::size_t parts, const Result& unless_written, Call call, F then)
      : results_(parts, unless_written),
        waiting_(std::make_unique<Waiting<F>>(Waiting<F>{std::move(call), std::move(then)})) {}

  Join(const Join&) = delete;
  Join& operator=(const Join&) = delete;

  ~Join() { Resume::run(std::move(waiting_), results_); }

  // The duty to write one result. [one thread]
  class Part {
   public:
    Part(std::shared_ptr<Join> join, std::size_t place) : join_(std::move(join)), place_(place) {}

    Result& result() { return join_->results_[place_]; }

   private:
    const std::shared_ptr<Join> join_;
    const std::size_t place_;
  };

 private:
  std::vector<Result> results_; // each written by one part
  std::unique_ptr<Waiting<F>> waiting_;
};

} // namespace plugboard::detail
