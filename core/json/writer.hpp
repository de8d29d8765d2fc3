// Appends JSON text to a string it does not own. Commas and escapes are its business, balance is the caller's (asserted
// when the writer dies). raw() splices bytes that the strict reader has passed. [one thread]
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace plugboard::json {

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& value(std::string_view text); // must be UTF-8; what is not becomes U+FFFD

  Writer& value(const char* text) { return value(std::string_view(text)); }

  Writer& value(const std::string& text) { return value(std::string_view(text)); }

  Writer& value(bool boolean);
  Writer& value(std::int64_t integer);

  Writer& value(int integer) { return value(static_cast<std::int64_t>(integer)); }

  Writer& value(unsigned integer) { return value(static_cast<std::int64_t>(integer)); }

  Writer& value(std::size_t integer);
  Writer& value(double real); // shortest; not finite: null
  Writer& null();
  Writer& raw(std::string_view json); // one whole value, spliced as it is

  template <class T>
  Writer& member(std::string_view name, T&& v) {
    return key(name).value(std::forward<T>(v));
  }

 private:
  void before_value();
  std::string& out_;
  int depth_ = 0;
  bool comma_ = false;
  bool after_key_ = false;
};

void append_escaped(std::string& out, std::string_view text); // with quotes; see core/base/text.hpp for what it escapes

} // namespace plugboard::json
