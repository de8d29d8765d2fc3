#include "core/http/stream_answer.hpp"

#include "core/http/characters.hpp"
#include "core/http/strict_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace plugboard::http {
namespace {

constexpr std::size_t kFieldOverhead = 32; // RFC 9113, 6.5.2
constexpr int kInterims = 8;

// What frames and connections of HTTP/1.1 are about, and must not be here.
constexpr std::array<std::string_view, 5> kOfConnections{"connection", "keep-alive", "proxy-connection",
                                                         "transfer-encoding", "upgrade"};

bool is_lower_case_name(std::string_view name) {
  return is_token(name) && std::none_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

} // namespace

void StreamAnswer::begin_fields() {
  begun_ = true;
  if (state_ == State::body) {
    state_ = State::trailers;
  } else if (state_ == State::head) {
    status_ = 0;
    length_.reset();
    headers_.clear();
  } else if (state_ != State::failed) {
    malformed("sends fields after the end");
  }
}

void StreamAnswer::field(std::string_view name, std::string_view value) {
  if (state_ != State::head && state_ != State::trailers) return;
  field_bytes_ += name.size() + value.size() + kFieldOverhead;
  if (field_bytes_ > limits_.header_bytes)
    return fail_with(Code::too_large,
                     "answered with more than " + std::to_string(limits_.header_bytes) + " bytes of header");
  if (++fields_ > kMaxFields) return malformed("too many header fields");
  if (state_ == State::trailers) {
    if (name.starts_with(':')) malformed("trailers with a field of the head");
    return;
  }
  if (name == ":status") return take_status(value);
  if (status_ == 0) return malformed("a field before the status");
  if (!is_lower_case_name(name)) return malformed("a field's name holds what may not be there");
  if (!is_field_value(value)) return malformed("a field's value holds a control character");
  if (std::find(kOfConnections.begin(), kOfConnections.end(), name) != kOfConnections.end())
    return malformed("a field that only HTTP/1.1 has");
  if (name == "content-length") take_length(value);
  if (name == "content-encoding" && !equals_any_case(value, "identity"))
    return malformed("the body is compressed, which was not asked for");
  headers_.push_back({std::string(name), std::string(without_blanks_around(value))});
}

void StreamAnswer::take_status(std::string_view value) {
  if (status_ != 0) return malformed("more than one status");
  if (value.size() != 3 || !std::all_of(value.begin(), value.end(), is_digit) || value[0] < '1' || value[0] > '5')
    return malformed("no status from 100 to 599");
  for (const char c : value) status_ = status_ * 10 + (c - '0');
}

void StreamAnswer::take_length(std::string_view value) {
  if (length_) return malformed("more than one Content-Length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length);
  if (value.empty() || error != std::errc() || end != value.data() + value.size())
    return malformed("Content-Length is not one decimal number");
  length_ = length;
}

void StreamAnswer::end_fields() {
  if (state_ == State::head) judge_head();
}

void StreamAnswer::judge_head() {
  if (status_ == 0) return malformed("no status");
  if (status_ == 101) return malformed("protocols can't be switched");
  if (status_ < 200) {
    if (length_) return malformed("a body where none may be");
    if (++interims_ > kInterims) malformed("interim answers without end");
    return;
  }
  if (status_ == 204 && length_.value_or(0) > 0) return malformed("a body where none may be");
  state_ = State::body;
  if (has_no_body()) return;
  if (length_.value_or(0) > limits_.body_bytes)
    return fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.body_bytes) + " bytes");
  body_.reserve(static_cast<std::size_t>(length_.value_or(0)));
}

bool StreamAnswer::has_no_body() const {
  return answers_head_ || status_ == 204 || status_ == 304;
}

void StreamAnswer::data(std::string_view bytes) {
  if (state_ == State::failed) return;
  begun_ = true;
  if (state_ != State::body) return malformed("a body before its head, or after its end");
  if (has_no_body() && !bytes.empty()) return malformed("a body where none may be");
  if (length_ && bytes.size() > *length_ - body_.size()) return malformed("more of a body than Content-Length says");
  if (bytes.size() > limits_.body_bytes - body_.size())
    return fail_with(Code::too_large, "answered with more than " + std::to_string(limits_.body_bytes) + " bytes");
  body_.append(bytes);
}

void StreamAnswer::end() {
  if (state_ == State::failed) return;
  if (state_ == State::head) return malformed("an end before a head");
  if (length_ && !has_no_body() && body_.size() != *length_)
    return malformed("less of a body than Content-Length says");
  state_ = State::complete;
}

Answer StreamAnswer::take_answer() {
  return {status_, std::move(headers_), std::move(body_)};
}

void StreamAnswer::malformed(std::string_view why) {
  fail_with(Code::malformed, "answered against the rules of HTTP/2: " + std::string(why));
}

void StreamAnswer::fail_with(Code code, std::string message) {
  if (state_ == State::failed) return; // the first reason is the one
  state_ = State::failed;
  failure_ = fail(code, std::move(message));
}

} // namespace plugboard::http
