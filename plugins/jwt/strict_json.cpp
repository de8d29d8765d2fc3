#include "plugins/jwt/strict_json.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <string>
#include <vector>

namespace jwt {
namespace {

// Never kParseFullPrecisionFlag: this RapidJSON crashes on long numbers with it.
constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;

// \udc00 alone passes the parser and becomes these bytes, which are not UTF-8.
bool has_surrogate(std::string_view text) {
  for (std::size_t at = text.find('\xed'); at != std::string_view::npos; at = text.find('\xed', at + 1))
    if (at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) >= 0xa0) return true;
  return false;
}

// Stands between parser and document, and stops the parser at what the document would hide.
class Gate {
 public:
  explicit Gate(Document& document) : document_(document) {}

  const char* fault() const { return fault_; }

  bool Null() { return document_.Null(); }

  bool Bool(bool value) { return document_.Bool(value); }

  bool Int(int value) { return document_.Int(value); }

  bool Uint(unsigned value) { return document_.Uint(value); }

  bool Int64(std::int64_t value) { return document_.Int64(value); }

  bool Uint64(std::uint64_t value) { return document_.Uint64(value); }

  bool Double(double value) { return document_.Double(value); }

  bool RawNumber(const char* text, rapidjson::SizeType size, bool copy) {
    return document_.RawNumber(text, size, copy);
  }

  bool String(const char* text, rapidjson::SizeType size, bool copy) {
    if (has_surrogate({text, size})) return refuse("has a lone surrogate");
    return document_.String(text, size, copy);
  }

  bool Key(const char* text, rapidjson::SizeType size, bool copy) {
    if (has_surrogate({text, size})) return refuse("has a lone surrogate");
    names_.back().emplace_back(text, size);
    return document_.Key(text, size, copy);
  }

  bool StartObject() { return enter() && document_.StartObject(); }

  bool EndObject(rapidjson::SizeType members) {
    std::vector<std::string_view> names(names_.back().begin(), names_.back().end());
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end())
      return refuse("has the same name twice in one object");
    names_.pop_back();
    return document_.EndObject(members);
  }

  bool StartArray() { return enter() && document_.StartArray(); }

  bool EndArray(rapidjson::SizeType elements) {
    names_.pop_back();
    return document_.EndArray(elements);
  }

 private:
  bool enter() {
    if (names_.size() == kMaxJsonDepth) return refuse("is nested too deeply");
    names_.emplace_back();
    return true;
  }

  bool refuse(const char* fault) {
    fault_ = fault;
    return false;
  }

  Document& document_;
  std::vector<std::vector<std::string>> names_; // of the objects that are open
  const char* fault_ = nullptr;
};

} // namespace

std::optional<std::string> read_json_object(std::string_view text, Document& into) {
  if (text.find('\0') != std::string_view::npos) return "has a NUL byte"; // the parser would take it for the end
  const char* fault = "is not JSON";
  bool whole = false;
  auto parse = [&](Document& document) {
    rapidjson::MemoryStream bytes(text.data(), text.size());
    Gate gate(document);
    rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, plugboard::JsonMemory> reader;
    whole = !reader.Parse<kFlags>(bytes, gate).IsError();
    if (gate.fault()) fault = gate.fault();
    return whole;
  };
  into.Populate(parse);
  if (!whole) return fault;
  if (!into.IsObject()) return "is not a JSON object";
  return std::nullopt;
}

const Value* member(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  auto found =
      object.FindMember(Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::optional<std::string_view> text_member(const Value& object, std::string_view name) {
  const Value* value = member(object, name);
  if (!value || !value->IsString()) return std::nullopt;
  return text_of(*value);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  static constexpr char kHex[] = "0123456789abcdef";
  std::string line = "\"";
  for (char c : text.substr(0, kLongest)) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
      line += c;
    } else {
      line += "\\x";
      line += kHex[byte >> 4];
      line += kHex[byte & 15];
    }
  }
  return line + (text.size() > kLongest ? "\"..." : "\"");
}

} // namespace jwt
