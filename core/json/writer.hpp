// Appends JSON text to a string it does not own. Commas and escapes are its business, balance is the caller's (asserted
// when the writer dies). raw() splices bytes that the strict reader has passed. [one thread]
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace plugboard::json {

// A key that stands in the code: written out while that is compiled, which also sees that it needs no escapes.
class Name {
 public:
  template <std::size_t N>
  consteval Name(const char (&literal)[N]) { // NOLINT(google-explicit-constructor): it is what it says
    static_assert(N + 3 < 64, "a key is shorter");
    text_[0] = ',';
    text_[1] = '"';
    for (std::size_t i = 0; i + 1 < N; ++i) {
      const char c = literal[i];
      if (c < ' ' || c > '~' || c == '"' || c == '\\') throw "a key with a character to be escaped";
      text_[2 + i] = c;
    }
    text_[N + 1] = '"';
    text_[N + 2] = ':';
    size_ = N + 3;
  }

  std::string_view text(bool comma) const { return {text_.data() + (comma ? 0 : 1), size_ - (comma ? 0 : 1)}; }

 private:
  std::array<char, 64> text_{}; // ,"key":
  std::size_t size_ = 0;
};

template <class Text> // that is known when the program runs
concept RuntimeText = std::convertible_to<const Text&, std::string_view> && !std::is_array_v<Text>;

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
  Writer& key(const Name& name);

  template <RuntimeText Text>
  Writer& key(const Text& name) {
    return any_key(name);
  }

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
  Writer& member(const Name& name, T&& v) {
    return key(name).value(std::forward<T>(v));
  }

  template <RuntimeText Text, class T>
  Writer& member(const Text& name, T&& v) {
    return any_key(name).value(std::forward<T>(v));
  }

 private:
  Writer& any_key(std::string_view name);
  void before_value();
  std::string& out_;
  int depth_ = 0;
  bool comma_ = false;
  bool after_key_ = false;
};

void append_escaped(std::string& out, std::string_view text); // with quotes; see core/base/text.hpp for what it escapes

} // namespace plugboard::json
