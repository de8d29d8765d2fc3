// One call as a connector sees it. Views live until the call is completed. [the call's thread, unless said]
#pragma once

#include <plugboard/types.hpp>

#include <stop_token>

namespace plugboard {

class Request {
 public:
  Request(const plugboard_request& request, plugboard_call* call, std::stop_token stop)
      : request_(&request), call_(call), stop_(std::move(stop)), started_(std::chrono::steady_clock::now()) {}

  std::string_view tenant() const { return view(request_->tenant); }

  std::string_view section() const { return view(request_->section); } // "contact" of "crm.contact"

  std::string_view purpose() const { return view(request_->purpose); }

  std::string_view actor() const { return view(request_->actor); }

  std::string_view language() const { return view(request_->language); }

  std::string_view context_id() const { return view(request_->context_id); }

  std::string_view traceparent() const { return view(request_->traceparent); }

  std::string_view params() const { return view(request_->params); } // a JSON object

  std::string_view credential() const { return view(request_->credential); } // authenticate, logout: a JSON object

  std::string_view state() const { return view(request_->state); } // authenticate: of the Challenge before; else empty

  std::size_t identifier_count() const { return request_->identifier_count; }

  Identifier identifier(std::size_t index) const {
    const plugboard_identifier& i = request_->identifiers[index];
    return {view(i.type), view(i.value), view(i.source), i.verified != 0};
  }

  std::optional<Identifier> find(std::string_view type) const { // the first of that type
    for (std::size_t i = 0; i < identifier_count(); ++i)
      if (view(request_->identifiers[i].type) == type) return identifier(i);
    return std::nullopt;
  }

  std::size_t input_count() const { return request_->input_count; } // derive

  Input input(std::size_t index) const {
    const plugboard_input& i = request_->inputs[index];
    return {view(i.name), view(i.data), std::chrono::nanoseconds(i.age_ns), i.stale != 0};
  }

  std::optional<Input> input(std::string_view name) const { // none: an optional one that has not come
    for (std::size_t i = 0; i < input_count(); ++i)
      if (view(request_->inputs[i].name) == name) return input(i);
    return std::nullopt;
  }

  // What is left of the deadline; work that can't be done in it need not be begun.
  std::chrono::nanoseconds time_left() const {
    auto left = std::chrono::nanoseconds(request_->deadline_ns) - (std::chrono::steady_clock::now() - started_);
    return left.count() > 0 ? left : std::chrono::nanoseconds(0);
  }

  // Stopped when the hub no longer waits: use with std::stop_callback to interrupt a query. [any thread]
  const std::stop_token& cancelled() const { return stop_; }

  plugboard_call* handle() const { return call_; } // for host services asked on this call's behalf

 private:
  const plugboard_request* request_;
  plugboard_call* call_;
  std::stop_token stop_;
  std::chrono::steady_clock::time_point started_;
};

} // namespace plugboard
