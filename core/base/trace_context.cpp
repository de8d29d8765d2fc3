#include "core/base/trace_context.hpp"

#include <algorithm>

namespace plugboard {
namespace {

constexpr std::size_t kMostState = 512; // bytes: so many everybody passes on

bool is_parent(std::string_view text) {
  constexpr std::string_view kForm = "xx-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-xxxxxxxxxxxxxxxx-xx";
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hex = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (kForm[i] == '-' ? text[i] != '-' : !hex) return false;
  }
  return !text.starts_with("ff");
}

bool is_state(std::string_view text) {
  return text.size() <= kMostState &&
         std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); });
}

} // namespace

std::string_view TraceContext::id() const {
  constexpr std::size_t kAt = 3, kLength = 32; // behind the version
  return parent.empty() ? std::string_view() : std::string_view(parent).substr(kAt, kLength);
}

TraceContext read_trace_context(std::optional<std::string_view> parent, std::optional<std::string_view> state) {
  TraceContext trace;
  if (!parent || !is_parent(*parent)) return trace;
  trace.parent = *parent;
  if (state && is_state(*state)) trace.state = *state;
  return trace;
}

} // namespace plugboard
