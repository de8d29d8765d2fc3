#include "plugins/rest/json.hpp"

#include <plugboard/json_memory.hpp>

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>

namespace plugboard::rest {

namespace {

// "\udc00" alone passes RapidJSON and comes out as bytes that are no UTF-8.
bool has_surrogate(std::string_view text) {
  for (auto at = text.find('\xed'); at != text.npos; at = text.find('\xed', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xa0) return true;
  return false;
}

// RapidJSON's handler: builds the tree from the events. `fault` says why an event was refused.
class Builder {
 public:
  explicit Builder(std::size_t kept) : kept_(kept) {}

  bool Null() { return !keeps() || put({}); }

  bool Bool(bool truth) { return !keeps() || put(Value::of_boolean(truth)); }

  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return !keeps() || put(Value::of_number(std::string(text, size)));
  }

  bool String(const char* text, rapidjson::SizeType size, bool) {
    return sound({text, size}) && (!keeps() || put(Value::of_string(std::string(text, size))));
  }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (!sound({text, size})) return false;
    if (!keeps()) return true;
    open_.back().names.emplace_back(text, size);
    return true;
  }

  bool StartObject() { return open(Value::of_object()); }

  bool StartArray() { return open(Value::of_array()); }

  bool EndObject(rapidjson::SizeType) {
    std::vector<std::string_view> names(open_.back().names.begin(), open_.back().names.end());
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end())
      return refuse("an object has two members of one name");
    return close();
  }

  bool EndArray(rapidjson::SizeType) { return close(); }

  // Numbers come as text (kParseNumbersAsStringsFlag): none of these is called.
  bool Int(int) { return false; }

  bool Uint(unsigned) { return false; }

  bool Int64(std::int64_t) { return false; }

  bool Uint64(std::uint64_t) { return false; }

  bool Double(double) { return false; }

  Value take() { return std::move(root_); }

  const char* fault() const { return fault_; }

 private:
  bool keeps() const { return open_.size() <= kept_; } // what comes next

  bool refuse(const char* why) {
    fault_ = why;
    return false;
  }

  bool sound(std::string_view text) { return !has_surrogate(text) || refuse("half of a surrogate pair stands alone"); }

  bool open(Value value) {
    if (open_.size() == kMaxDepth) return refuse("it is nested deeper than 64 levels");
    open_.push_back(std::move(value));
    return true;
  }

  bool close() {
    Value closed = std::move(open_.back());
    open_.pop_back();
    return !keeps() || put(std::move(closed));
  }

  bool put(Value value) {
    if (open_.empty())
      root_ = std::move(value);
    else
      open_.back().items.push_back(std::move(value));
    return true;
  }

  const std::size_t kept_;
  std::vector<Value> open_;
  Value root_;
  const char* fault_ = nullptr;
};

using Buffer = rapidjson::GenericStringBuffer<rapidjson::UTF8<>, JsonMemory>;
using Writer = rapidjson::Writer<Buffer, rapidjson::UTF8<>, rapidjson::UTF8<>, JsonMemory>;

rapidjson::SizeType size_of(std::string_view text) {
  return static_cast<rapidjson::SizeType>(text.size());
}

void write(Writer& out, const Value& value) {
  switch (value.kind) {
  case Value::Kind::null:
    out.Null();
    break;
  case Value::Kind::boolean:
    out.Bool(value.truth);
    break;
  case Value::Kind::number: // as it was written; Writer::RawNumber of this release would put it into quotes
    out.RawValue(value.text.data(), value.text.size(), rapidjson::kNumberType);
    break;
  case Value::Kind::string:
    out.String(value.text.data(), size_of(value.text));
    break;
  case Value::Kind::array:
    out.StartArray();
    for (const auto& item : value.items) write(out, item);
    out.EndArray();
    break;
  case Value::Kind::object:
    out.StartObject();
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      out.Key(value.names[i].data(), size_of(value.names[i]));
      write(out, value.items[i]);
    }
    out.EndObject();
    break;
  }
}

} // namespace

const Value* Value::member(std::string_view name) const {
  if (kind != Kind::object) return nullptr;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (names[i] == name) return &items[i];
  return nullptr;
}

Value& Value::add(std::string name, Value value) {
  names.push_back(std::move(name));
  items.push_back(std::move(value));
  return items.back();
}

std::string_view Value::scalar_text() const {
  if (kind == Kind::boolean) return truth ? "true" : "false";
  return text;
}

Result<Value> read_json(std::string_view text, std::size_t kept) {
  auto malformed = [](std::size_t byte, const char* why) {
    return Failure{Status::upstream_malformed, "no sound JSON at byte " + std::to_string(byte) + ": " + why};
  };
  if (text.empty()) return malformed(0, "it is empty");
  // To the stream a NUL is the end: what follows it would pass unread.
  if (auto nul = text.find('\0'); nul != text.npos) return malformed(nul, "a NUL byte");
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, JsonMemory> reader;
  Builder builder(kept);
  auto parsed = reader.Parse<kFlags>(stream, builder);
  if (parsed.IsError())
    return malformed(parsed.Offset(), builder.fault() ? builder.fault() : rapidjson::GetParseError_En(parsed.Code()));
  return builder.take();
}

std::string write_json(const Value& value) {
  Buffer buffer;
  Writer writer(buffer);
  write(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

} // namespace plugboard::rest
