// The right, and the duty, to answer one asynchronous call. Move-only: whoever holds it answers; dropped unanswered, it
// answers for itself that it was abandoned. [any thread, one at a time]
#pragma once

#include <plugboard/detail/open_call.hpp>

#include <memory>

namespace plugboard {

namespace detail {
class Resume;
}

class Call {
 public:
  explicit Call(std::shared_ptr<detail::OpenCall> open) noexcept : open_(std::move(open)) {}

  Call(Call&& other) noexcept = default;

  Call& operator=(Call&& other) noexcept {
    if (this != &other) {
      drop();
      open_ = std::move(other.open_);
    }
    return *this;
  }

  ~Call() { drop(); }

  void complete(const Section& section) { answer(section); }

  void complete(const PassedOn& data) { answer(data); }

  void complete(const Proof& proof) { answer(proof); }

  void complete(const Challenge& challenge) { answer(challenge); }

  void complete(const LoggedOut& logged_out) { answer(logged_out); }

  void complete(const SubjectData& data) { answer(data); }

  void complete(const Erased& erased) { answer(erased); }

  void complete(const Healthy& healthy) { answer(healthy); }

  void fail(const Failure& failure) { answer(failure); }

  void fail(Status status, std::string message) { answer(Failure{status, std::move(message)}); }

  plugboard_call* handle() const { return open_ ? open_->handle() : nullptr; } // for the host's services

  const Request& request() const { return open_->request(); } // until it is answered, as all its views

 private:
  friend class detail::Resume;

  template <class Answer>
  void answer(const Answer& with) noexcept {
    if (auto open = std::move(open_)) open->answer(with);
  }

  void drop() noexcept {
    if (auto open = std::move(open_)) open->drop();
  }

  std::shared_ptr<detail::OpenCall> open_;
};

} // namespace plugboard
