#include "core/json/tape_walk.hpp"

#include "core/base/text.hpp"
#include "core/json/pointer.hpp"
#include "core/json/tape.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cstring>

namespace plugboard::json {
namespace {

using Kind = Tape::Kind;

constexpr std::size_t kFewKeys = 12; // up to here comparing all pairs beats sorting
constexpr std::size_t kShownKey = 64;

// One of 64 marks; the same key has always the same, different keys seldom.
std::uint64_t mark_of(std::string_view key) {
  if (key.empty()) return 1;
  const auto first = static_cast<unsigned char>(key.front());
  const auto middle = static_cast<unsigned char>(key[key.size() / 2]);
  const auto last = static_cast<unsigned char>(key.back());
  return std::uint64_t{1} << ((key.size() * 7 + first * 31U + middle * 17U + last * 5U) & 63);
}

// Its last eight bytes as a number: most keys differ there already, and numbers are compared at once.
std::uint64_t ending_of(std::string_view key) {
  std::uint64_t ending = 0;
  const auto size = std::min(key.size(), sizeof ending);
  std::memcpy(&ending, key.data() + (key.size() - size), size);
  return ending;
}

std::string shown(std::string_view key) {
  std::string text;
  append_json_string(text, key.substr(0, kShownKey)); // a character cut in half is shown as U+FFFD
  return key.size() > kShownKey ? text + "…" : text;
}

// Of what begins at `target`: looked for from the root, as nobody noted the way there.
std::string pointer_to(const Tape& tape, std::size_t target) {
  std::string text;
  for (std::size_t at = 1; at != target;) {
    const bool object = tape.kind(at) == Kind::START_OBJECT;
    std::size_t index = 0;
    auto inner = at + 1;
    const auto value = [&] { return object ? inner + 1 : inner; };
    for (; tape.after(value()) <= target; inner = tape.after(value())) ++index;
    text = pointer_append(text, object ? std::string(tape.string(inner)) : std::to_string(index));
    at = value();
  }
  return text;
}

} // namespace

bool TapeWalk::has_duplicate(const Tape& tape, std::size_t object) {
  keys_.clear();
  const auto last = tape.end(object) - 1;
  for (auto at = object + 1; at < last; at = tape.after(at + 1)) {
    const auto key = tape.string(at);
    keys_.push_back({ending_of(key), key});
  }
  const auto begin = keys_.begin(), end = keys_.end();
  if (static_cast<std::size_t>(end - begin) <= kFewKeys) {
    for (auto key = begin; key != end; ++key) {
      if (std::find(begin, key, *key) == key) continue;
      duplicate_ = key->text;
      return true;
    }
    return false;
  }
  // Sorting, not hashing: whoever sends the text can't choose keys that make it slow.
  std::sort(begin, end);
  const auto twin = std::adjacent_find(begin, end);
  if (twin == end) return false;
  duplicate_ = twin->text;
  return true;
}

Result<void> TapeWalk::check(const simdjson::dom::document& document, const Limits& limits) {
  scopes_.clear();
  const Tape tape(document);
  std::size_t members = 0;
  Scope scope;                             // at first what holds the root
  const std::size_t end = tape.end(0) - 1; // the first word points past the last
  for (std::size_t at = 1; at < end;) {
    auto kind = tape.kind(at);
    if (kind == Kind::END_OBJECT || kind == Kind::END_ARRAY) {
      if (scope.suspect && has_duplicate(tape, scope.begin)) {
        return fail(Code::malformed, "duplicate key " + shown(duplicate_) + " in the object at \"" +
                                         pointer_to(tape, scope.begin) + "\"");
      }
      scope = scopes_.back();
      scopes_.pop_back();
      ++at;
      continue;
    }
    if (scope.object) {
      const std::uint64_t mark = mark_of(tape.string(at));
      scope.suspect = scope.suspect || (scope.marks & mark) != 0;
      scope.marks |= mark;
      kind = tape.kind(++at);
    }
    if (!scopes_.empty() && ++members > limits.members)
      return fail(Code::too_large, "more than " + std::to_string(limits.members) + " members and elements");
    if (kind == Kind::START_OBJECT || kind == Kind::START_ARRAY) {
      if (scopes_.size() == limits.depth)
        return fail(Code::malformed, "nested deeper than " + std::to_string(limits.depth) + " levels");
      scopes_.push_back(scope);
      scope = {kind == Kind::START_OBJECT, false, 0, at};
    }
    at += kind == Kind::INT64 || kind == Kind::UINT64 || kind == Kind::DOUBLE ? 2 : 1;
  }
  return {};
}

} // namespace plugboard::json
