// The right, and the duty, to answer one asynchronous call. Move-only: whoever holds it answers; dropped unanswered, it
// answers for itself that it was abandoned. [any thread, one at a time]
#pragma once

#include <plugboard/request.hpp>

namespace plugboard {

namespace detail {
void complete(const plugboard_host* host, plugboard_call* call, const Section& section) noexcept;
void complete(const plugboard_host* host, plugboard_call* call, const Proof& proof) noexcept;
void complete(const plugboard_host* host, plugboard_call* call, const Failure& failure) noexcept;
} // namespace detail

class Call {
 public:
    Call(const plugboard_host* host, plugboard_call* handle) noexcept : host_(host), handle_(handle) {}
    Call(Call&& other) noexcept : host_(other.host_), handle_(std::exchange(other.handle_, nullptr)) {}
    Call& operator=(Call&& other) noexcept {
        if (this != &other) {
            abandon();
            host_ = other.host_;
            handle_ = std::exchange(other.handle_, nullptr);
        }
        return *this;
    }
    ~Call() { abandon(); }

    void complete(const Section& section) { detail::complete(host_, std::exchange(handle_, nullptr), section); }
    void complete(const Proof& proof) { detail::complete(host_, std::exchange(handle_, nullptr), proof); }
    void fail(const Failure& failure) { detail::complete(host_, std::exchange(handle_, nullptr), failure); }
    void fail(Status status, std::string message) { fail(Failure{status, std::move(message)}); }

    plugboard_call* handle() const { return handle_; } // for host services asked on this call's behalf

 private:
    void abandon() noexcept {
        if (handle_) detail::complete(host_, std::exchange(handle_, nullptr), Failure{Status::abandoned, {}});
    }
    const plugboard_host* host_;
    plugboard_call* handle_;
};

} // namespace plugboard
