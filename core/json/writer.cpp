#include "core/json/writer.hpp"

#include "core/base/assert.hpp"
#include "core/base/text.hpp"

#include <array>
#include <charconv>
#include <exception>

namespace plugboard::json {

Writer::~Writer() {
  // Not while an exception passes by: half a text is then no fault of the writer's owner.
  PLUGBOARD_ASSERT((depth_ == 0 && !after_key_) || std::uncaught_exceptions() > 0);
}

void Writer::before_value() {
  if (comma_ && !after_key_) out_ += ',';
  comma_ = true;
  after_key_ = false;
}

Writer& Writer::begin_object() {
  before_value();
  out_ += '{';
  comma_ = false;
  ++depth_;
  return *this;
}

Writer& Writer::end_object() {
  PLUGBOARD_ASSERT(depth_ > 0 && !after_key_);
  out_ += '}';
  comma_ = true;
  --depth_;
  return *this;
}

Writer& Writer::begin_array() {
  before_value();
  out_ += '[';
  comma_ = false;
  ++depth_;
  return *this;
}

Writer& Writer::end_array() {
  PLUGBOARD_ASSERT(depth_ > 0 && !after_key_);
  out_ += ']';
  comma_ = true;
  --depth_;
  return *this;
}

Writer& Writer::key(const Name& name) {
  PLUGBOARD_ASSERT(depth_ > 0 && !after_key_);
  out_.append(name.text(comma_));
  after_key_ = true;
  return *this;
}

Writer& Writer::any_key(std::string_view name) {
  PLUGBOARD_ASSERT(depth_ > 0 && !after_key_);
  if (comma_) out_ += ',';
  append_escaped(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

Writer& Writer::value(std::string_view text) {
  before_value();
  append_escaped(out_, text);
  return *this;
}

Writer& Writer::value(bool boolean) {
  return raw(boolean ? "true" : "false");
}

Writer& Writer::value(std::int64_t integer) {
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), integer);
  static_cast<void>(error); // the longest int64 has 20 characters
  return raw(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

Writer& Writer::value(std::size_t integer) {
  std::array<char, 24> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), integer);
  static_cast<void>(error); // the longest has 20 characters
  return raw(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

Writer& Writer::value(double real) {
  before_value();
  append_json_number(out_, real);
  return *this;
}

Writer& Writer::null() {
  return raw("null");
}

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_.append(json);
  return *this;
}

void append_escaped(std::string& out, std::string_view text) {
  append_json_string(out, text);
}

} // namespace plugboard::json
