#include "core/json/document_builder.hpp"

#include "core/base/text.hpp"
#include "core/json/pointer.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace plugboard::json {
namespace {

constexpr std::size_t kDepth = 64;

} // namespace

bool DocumentBuilder::wanted() const {
  return frames_.empty() || (frames_.back().kept && frames_.back().member_kept);
}

bool DocumentBuilder::done(bool accepted) {
  if (!frames_.empty() && !frames_.back().object) ++frames_.back().count;
  return accepted;
}

std::string DocumentBuilder::pointer() const {
  std::string text;
  for (const Frame& frame : frames_)
    text = pointer_append(text, frame.object ? frame.key : std::to_string(frame.count));
  return text;
}

void DocumentBuilder::fault(std::string message) {
  document_.faults.push_back({pointer(), std::move(message)});
}

bool DocumentBuilder::Null() {
  return done(!wanted() || document_.tree.Null());
}

bool DocumentBuilder::Bool(bool value) {
  return done(!wanted() || document_.tree.Bool(value));
}

bool DocumentBuilder::RawNumber(const char* text, rapidjson::SizeType length, bool) {
  const char* end = text + length;
  const std::string_view digits(text, length);
  if (digits.find_first_of(".eE") == std::string_view::npos) {
    std::int64_t integer = 0;
    std::uint64_t large = 0;
    if (std::from_chars(text, end, integer).ec == std::errc()) return done(!wanted() || document_.tree.Int64(integer));
    if (std::from_chars(text, end, large).ec == std::errc()) return done(!wanted() || document_.tree.Uint64(large));
    fault("the number is larger than 64 bits hold");
    return done(!wanted() || document_.tree.Null());
  }
  double real = 0;
  if (std::from_chars(text, end, real).ec != std::errc()) { // too large, or so small that it is zero
    real = digits.find_first_of("eE") != std::string_view::npos ? std::strtod(std::string(digits).c_str(), nullptr) : 0;
  }
  if (!std::isfinite(real)) {
    fault("the number is larger than a double holds");
    return done(!wanted() || document_.tree.Null());
  }
  return done(!wanted() || document_.tree.Double(real));
}

bool DocumentBuilder::String(const char* text, rapidjson::SizeType length, bool) {
  const bool whole = is_utf8({text, length});
  if (!whole) fault("half a character: a \\u escape of a surrogate pair stands alone");
  return done(!wanted() || document_.tree.String(text, whole ? length : 0, true));
}

bool DocumentBuilder::Key(const char* text, rapidjson::SizeType length, bool) {
  Frame& frame = frames_.back();
  frame.key.assign(text, length);
  frame.member_kept = frame.keys.insert(frame.key).second;
  if (!frame.member_kept) {
    fault("stands twice in this object; remove one of the two");
  } else if (!is_utf8(frame.key)) {
    frame.member_kept = false;
    frame.key = "?";
    fault("half a character in a member's name: a \\u escape of a surrogate pair stands alone");
  }
  if (!wanted()) return true;
  ++frame.count;
  return document_.tree.Key(text, length, true);
}

bool DocumentBuilder::open(bool object) {
  if (frames_.size() == kDepth) {
    fault("nested deeper than " + std::to_string(kDepth) + " levels");
    return false;
  }
  const bool kept = wanted();
  frames_.push_back({object, kept, true, 0, {}, {}});
  if (!kept) return true;
  return object ? document_.tree.StartObject() : document_.tree.StartArray();
}

DocumentBuilder::Frame DocumentBuilder::close() {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  return frame;
}

bool DocumentBuilder::StartObject() {
  return open(true);
}

bool DocumentBuilder::EndObject(rapidjson::SizeType) {
  const Frame frame = close();
  return done(!frame.kept || document_.tree.EndObject(frame.count));
}

bool DocumentBuilder::StartArray() {
  return open(false);
}

bool DocumentBuilder::EndArray(rapidjson::SizeType) {
  const Frame frame = close();
  return done(!frame.kept || document_.tree.EndArray(frame.count));
}

} // namespace plugboard::json
