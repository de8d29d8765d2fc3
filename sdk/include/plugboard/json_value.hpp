// Reads JSON (RFC 8259) strictly: UTF-8 as it must be, no member twice, nothing behind the end, within bounds that keep
// an answer of a stranger from taking all memory. What is not there, or is of another type, is an empty optional, and
// looking further into it is allowed. Values. [any thread, one at a time]
#pragma once

#include <plugboard/types.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace plugboard {

struct JsonLimits {
  std::size_t bytes = 8 << 20;  // of the text
  std::size_t values = 200'000; // in it
  std::size_t depth = 64;       // objects and arrays within one another
};

namespace detail {
class JsonReader;
}

class JsonValue {
 public:
  enum class Type : std::uint8_t { absent = 1, null, truth, number, text, array, object };

  struct Member;

  JsonValue() = default; // absent

  Type type() const { return type_; }

  bool is_there() const { return type_ != Type::absent && type_ != Type::null; }

  std::optional<bool> truth() const { return type_ == Type::truth ? std::optional(text_ == "true") : std::nullopt; }

  // Views live as long as this value.
  std::optional<std::string_view> text() const {
    return type_ == Type::text ? std::optional<std::string_view>(text_) : std::nullopt;
  }

  // As it was written: 1e3 and 12.50 lose nothing.
  std::optional<std::string_view> number_text() const {
    return type_ == Type::number ? std::optional<std::string_view>(text_) : std::nullopt;
  }

  std::optional<double> number() const {
    double value = 0;
    if (type_ != Type::number) return std::nullopt;
    const auto [end, fault] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (fault != std::errc() || end != text_.data() + text_.size() || !std::isfinite(value)) return std::nullopt;
    return value;
  }

  // A whole number without point or exponent, within 64 bits.
  std::optional<std::int64_t> integer() const {
    std::int64_t value = 0;
    if (type_ != Type::number) return std::nullopt;
    const auto [end, fault] = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (fault != std::errc() || end != text_.data() + text_.size()) return std::nullopt;
    return value;
  }

  // A text or a number as text: of systems whose ids are now this, now that.
  std::optional<std::string_view> id() const { return type_ == Type::number ? number_text() : text(); }

  inline const JsonValue& operator[](std::string_view member) const;
  inline const JsonValue& at(std::size_t place) const;

  // Of an array or object; else 0.
  inline std::size_t size() const;
  inline const std::vector<JsonValue>& items() const; // of an array; else none
  inline const std::vector<Member>& members() const;  // of an object, as they came; else none

 private:
  friend class detail::JsonReader;

  Type type_ = Type::absent;
  std::string text_; // of a text, number or truth
  std::vector<JsonValue> items_;
  std::vector<Member> members_;
};

struct JsonValue::Member {
  std::string name;
  JsonValue value;
};

const JsonValue& JsonValue::operator[](std::string_view member) const {
  static const JsonValue kAbsent;
  for (const auto& each : members_)
    if (each.name == member) return each.value;
  return kAbsent;
}

const JsonValue& JsonValue::at(std::size_t place) const {
  static const JsonValue kAbsent;
  return place < items_.size() ? items_[place] : kAbsent;
}

std::size_t JsonValue::size() const {
  return items_.size() + members_.size(); // one of them is empty
}

const std::vector<JsonValue>& JsonValue::items() const {
  return items_;
}

const std::vector<JsonValue::Member>& JsonValue::members() const {
  return members_;
}

namespace detail {

// How many bytes the UTF-8 character at the front takes; 0: it is none.
inline std::size_t utf8_size(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i, unsigned from, unsigned to) { return byte(i) >= from && byte(i) <= to; };
  const unsigned first = byte(0);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1, 0x80, 0xbf) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool second = follows(1, first == 0xe0 ? 0xa0 : 0x80, first == 0xed ? 0x9f : 0xbf); // no surrogates
    return second && follows(2, 0x80, 0xbf) ? 3 : 0;
  }
  if (first < 0xf0 || first > 0xf4) return 0;
  const bool second = follows(1, first == 0xf0 ? 0x90 : 0x80, first == 0xf4 ? 0x8f : 0xbf);
  return second && follows(2, 0x80, 0xbf) && follows(3, 0x80, 0xbf) ? 4 : 0;
}

inline void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0 | (code >> 6));
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0 | (code >> 12));
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xf0 | (code >> 18));
    tail(12);
    tail(6);
    tail(0);
  }
}

class JsonReader {
 public:
  JsonReader(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  Result<JsonValue> read() {
    JsonValue value;
    if (text_.size() > limits_.bytes) {
      why_ = "it is larger than " + std::to_string(limits_.bytes) + " bytes";
    } else if (read_value(value, 0)) {
      skip_space();
      if (at_ == text_.size()) return value;
      fault("nothing more was expected");
    }
    return Failure{Status::upstream_malformed, "no JSON that can be relied on: " + why_};
  }

 private:
  bool fault(std::string_view what) {
    if (why_.empty()) why_ = "at byte " + std::to_string(at_) + ": " + std::string(what);
    return false;
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_space() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  bool take(char wanted) {
    skip_space();
    if (peek() != wanted || at_ == text_.size()) return false;
    ++at_;
    return true;
  }

  bool read_value(JsonValue& value, std::size_t depth) {
    if (++values_ > limits_.values) return fault("there are too many values");
    skip_space();
    switch (peek()) {
    case '{':
      return read_object(value, depth);
    case '[':
      return read_array(value, depth);
    case '"':
      value.type_ = JsonValue::Type::text;
      return read_text(value.text_);
    case 't':
      return read_word(value, "true", JsonValue::Type::truth);
    case 'f':
      return read_word(value, "false", JsonValue::Type::truth);
    case 'n':
      return read_word(value, "null", JsonValue::Type::null);
    default:
      return read_number(value);
    }
  }

  bool read_word(JsonValue& value, std::string_view word, JsonValue::Type type) {
    if (text_.substr(at_, word.size()) != word) return fault("a value was expected");
    at_ += word.size();
    value.type_ = type;
    if (type == JsonValue::Type::truth) value.text_ = word;
    return true;
  }

  bool digits() {
    const auto from = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > from;
  }

  bool read_number(JsonValue& value) {
    const auto from = at_;
    if (peek() == '-') ++at_;
    if (peek() == '0')
      ++at_;
    else if (!digits())
      return fault("a value was expected");
    if (peek() == '.' && (++at_, !digits())) return fault("a digit was expected");
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      if (!digits()) return fault("a digit was expected");
    }
    value.type_ = JsonValue::Type::number;
    value.text_ = text_.substr(from, at_ - from);
    return true;
  }

  bool read_array(JsonValue& value, std::size_t depth) {
    ++at_;
    if (depth + 1 > limits_.depth) return fault("it is too deep");
    value.type_ = JsonValue::Type::array;
    if (take(']')) return true;
    do {
      if (!read_value(value.items_.emplace_back(), depth + 1)) return false;
    } while (take(','));
    return take(']') || fault("\",\" or \"]\" was expected");
  }

  bool read_object(JsonValue& value, std::size_t depth) {
    ++at_;
    if (depth + 1 > limits_.depth) return fault("it is too deep");
    value.type_ = JsonValue::Type::object;
    if (take('}')) return true;
    do {
      skip_space();
      if (peek() != '"') return fault("a member's name was expected");
      std::string name;
      if (!read_text(name)) return false;
      if (!take(':')) return fault("\":\" was expected");
      auto& member = value.members_.emplace_back();
      member.name = std::move(name);
      if (!read_value(member.value, depth + 1)) return false;
    } while (take(','));
    if (!take('}')) return fault("\",\" or \"}\" was expected");
    return each_once(value.members_) || fault("an object has a member twice");
  }

  static bool each_once(const std::vector<JsonValue::Member>& members) {
    std::vector<std::string_view> names;
    for (const auto& member : members) names.emplace_back(member.name);
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) == names.end();
  }

  bool read_text(std::string& out) {
    ++at_;
    for (;;) {
      if (at_ == text_.size()) return fault("a text has no end");
      const char c = text_[at_];
      if (c == '"') return ++at_, true;
      if (static_cast<unsigned char>(c) < 0x20) return fault("a control character in a text");
      if (c == '\\') {
        if (!read_escape(out)) return false;
        continue;
      }
      const auto size = utf8_size(text_.substr(at_));
      if (size == 0) return fault("no UTF-8");
      out.append(text_, at_, size);
      at_ += size;
    }
  }

  bool read_escape(std::string& out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt", kMeant = "\"\\/\b\f\n\r\t";
    ++at_;
    const auto letter = at_ < text_.size() ? kLetters.find(text_[at_]) : std::string_view::npos;
    if (letter != std::string_view::npos) {
      ++at_;
      out += kMeant[letter];
      return true;
    }
    if (peek() != 'u') return fault("no such escape");
    std::uint32_t code = 0;
    if (!read_hex(code)) return false;
    if (code >= 0xdc00 && code <= 0xdfff) return fault("half a character");
    if (code >= 0xd800 && code <= 0xdbff) {
      std::uint32_t low = 0;
      if (text_.substr(at_, 2) != "\\u") return fault("half a character");
      ++at_;
      if (!read_hex(low)) return false;
      if (low < 0xdc00 || low > 0xdfff) return fault("half a character");
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    append_utf8(out, code);
    return true;
  }

  bool read_hex(std::uint32_t& code) { // "u" and four digits
    const auto digits = text_.substr(at_ + 1, 4);
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() < 4 || wrong != std::errc() || end != digits.data() + 4) return fault("no such escape");
    at_ += 5;
    return true;
  }

  const std::string_view text_;
  const JsonLimits limits_;
  std::size_t at_ = 0, values_ = 0;
  std::string why_;
};

} // namespace detail

// Not JSON, or over a limit: upstream_malformed, with where and why; never with what stands there.
inline Result<JsonValue> parse_json(std::string_view text, const JsonLimits& limits = {}) {
  return detail::JsonReader(text, limits).read();
}

} // namespace plugboard
