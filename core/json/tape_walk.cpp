#include "core/json/tape_walk.hpp"

#include "core/base/text.hpp"
#include "core/json/pointer.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace plugboard::json {
namespace {

using Tape = simdjson::internal::tape_type;

constexpr std::uint64_t kPayload = simdjson::internal::JSON_VALUE_MASK;
constexpr std::size_t kFewKeys = 12; // up to here comparing all pairs beats sorting
constexpr std::size_t kShownKey = 64;

std::string_view string_at(const simdjson::dom::document& document, std::uint64_t offset) {
  const std::uint8_t* bytes = document.string_buf.get() + offset;
  std::uint32_t length = 0;
  std::memcpy(&length, bytes, sizeof length);
  return {reinterpret_cast<const char*>(bytes + sizeof length), length};
}

// One of 64 marks; the same key has always the same, different keys seldom.
std::uint64_t mark_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto first = static_cast<unsigned char>(key.front());
  const auto middle = static_cast<unsigned char>(key[key.size() / 2]);
  const auto last = static_cast<unsigned char>(key.back());
  return std::uint64_t{1} << ((key.size() * 7 + first * 31U + middle * 17U + last * 5U) & 63);
}

std::string shown(std::string_view key) {
  std::string text;
  append_json_string(text, key.substr(0, kShownKey)); // a character cut in half is shown as U+FFFD
  return key.size() > kShownKey ? text + "…" : text;
}

} // namespace

void TapeWalk::open(bool object) {
  scopes_.push_back({object, object, false, 0, keys_.size(), 0});
}

void TapeWalk::take_key(std::string_view key) {
  Scope& scope = scopes_.back();
  const std::uint64_t mark = mark_of(key);
  scope.suspect = scope.suspect || (scope.marks & mark) != 0;
  scope.marks |= mark;
  scope.key_comes = false;
  keys_.push_back(key);
}

bool TapeWalk::has_duplicate(const Scope& scope) {
  const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(scope.first_key), end = keys_.end();
  if (static_cast<std::size_t>(end - begin) <= kFewKeys) {
    for (auto key = begin; key != end; ++key) {
      if (std::find(begin, key, *key) == key) continue;
      duplicate_ = *key;
      return true;
    }
    return false;
  }
  // Sorting, not hashing: whoever sends the text can't choose keys that make it slow.
  std::sort(begin, end,
            [](std::string_view a, std::string_view b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  const auto twin = std::adjacent_find(begin, end);
  if (twin == end) return false;
  duplicate_ = *twin;
  return true;
}

std::string TapeWalk::pointer() const {
  std::string text;
  for (std::size_t i = 1; i < scopes_.size(); ++i) {
    const Scope& parent = scopes_[i - 1];
    text = parent.object ? pointer_append(text, keys_[scopes_[i].first_key - 1])
                         : pointer_append(text, std::to_string(parent.index - 1));
  }
  return text;
}

Result<void> TapeWalk::check(const simdjson::dom::document& document, const Limits& limits) {
  scopes_.clear();
  keys_.clear();
  std::size_t members = 0;
  const std::uint64_t* tape = document.tape.get();
  const std::uint64_t end = (tape[0] & kPayload) - 1; // the first word points past the last
  for (std::uint64_t at = 1; at < end; ++at) {
    const auto type = static_cast<Tape>(tape[at] >> 56);
    if (type == Tape::END_OBJECT || type == Tape::END_ARRAY) {
      const Scope& scope = scopes_.back();
      if (scope.suspect && has_duplicate(scope)) {
        return fail(Code::malformed, "duplicate key " + shown(duplicate_) + " in the object at \"" + pointer() + "\"");
      }
      keys_.resize(scope.first_key);
      scopes_.pop_back();
      continue;
    }
    if (!scopes_.empty()) {
      Scope& scope = scopes_.back();
      if (scope.key_comes) {
        take_key(string_at(document, tape[at] & kPayload));
        continue;
      }
      scope.key_comes = scope.object;
      ++scope.index;
      if (++members > limits.members) {
        return fail(Code::too_large, "more than " + std::to_string(limits.members) + " members and elements");
      }
    }
    if (type == Tape::START_OBJECT || type == Tape::START_ARRAY) {
      if (scopes_.size() == limits.depth) {
        return fail(Code::malformed, "nested deeper than " + std::to_string(limits.depth) + " levels");
      }
      open(type == Tape::START_OBJECT);
    } else if (type == Tape::INT64 || type == Tape::UINT64 || type == Tape::DOUBLE) {
      ++at; // the number itself is a word of its own
    }
  }
  return {};
}

} // namespace plugboard::json
