// Whose work a request is part of, over all the systems that it comes to: W3C Trace Context, passed on as it came or
// not at all. Pure. [any thread]
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plugboard {

struct TraceContext {
  std::string parent{}; // of version 00; empty: there is none
  std::string state{};  // what the tracers on the way added for themselves; never without a parent

  std::string_view id() const; // of the whole trace; empty without one
};

// Of a request's header fields `traceparent` and `tracestate`.
TraceContext read_trace_context(std::optional<std::string_view> parent, std::optional<std::string_view> state);

} // namespace plugboard
