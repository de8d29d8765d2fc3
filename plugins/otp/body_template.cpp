#include "plugins/otp/body_template.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>
#include <functional>
#include <set>
#include <stdexcept>

namespace otp {
namespace {

constexpr std::array kNames{"to", "code", "type", "minutes", "seconds", "language", "tenant", "id", "time"};

using Buffer = rapidjson::GenericStringBuffer<rapidjson::UTF8<>, plugboard::JsonMemory>;
using Writer = rapidjson::Writer<Buffer, rapidjson::UTF8<>, rapidjson::UTF8<>, plugboard::JsonMemory>;
using Place = std::function<std::string(std::string_view name)>;

std::string written(const Value& value) {
  Buffer buffer;
  Writer writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// The text with each place filled. Throws, with `where`, for a brace that is none.
std::string filled(std::string_view text, const Place& place, const std::string& where) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c != '{' && c != '}') {
      out += c;
    } else if (text.substr(at, 2) == std::string(2, c)) {
      out += c;
      ++at;
    } else {
      const auto end = text.find('}', at);
      if (c == '}' || end == std::string_view::npos)
        throw std::invalid_argument(where +
                                    ": has a brace that encloses nothing: write {{ or }} for one that is to be sent");
      out += place(text.substr(at + 1, end - at - 1));
      at = end;
    }
  }
  return out;
}

void fill_strings(Value& value, const Place& place, const std::string& where, Document::AllocatorType& memory) {
  if (value.IsString()) {
    const auto text = filled(text_of(value), place, where);
    value.SetString(text.data(), static_cast<rapidjson::SizeType>(text.size()), memory);
  } else if (value.IsArray()) {
    for (auto& each : value.GetArray()) fill_strings(each, place, where, memory);
  } else if (value.IsObject()) {
    for (int i = 0; i < static_cast<int>(value.MemberCount()); ++i)
      fill_strings(value.MemberBegin()[i].value, place, where, memory);
  }
}

std::string list_of_names() {
  std::string list;
  for (const auto* name : kNames) list += (list.empty() ? "{" : ", {") + std::string(name) + "}";
  return list;
}

} // namespace

BodyTemplate BodyTemplate::read(const Value& value, const std::string& where) {
  if (!value.IsObject()) throw std::invalid_argument(where + ": must be a JSON object");
  BodyTemplate made;
  made.json_ = written(value);
  std::set<std::string, std::less<>> named;
  Document tried;
  tried.CopyFrom(value, tried.GetAllocator());
  const auto note = [&](std::string_view name) -> std::string {
    if (std::find(kNames.begin(), kNames.end(), name) == kNames.end())
      throw std::invalid_argument(where + ": names {" + std::string(name) + "}; there are: " + list_of_names());
    named.emplace(name);
    return {};
  };
  fill_strings(tried, note, where, tried.GetAllocator());
  for (const char* name : {"to", "code"})
    if (!named.contains(name)) throw std::invalid_argument(where + ": has no place for {" + name + "}");
  return made;
}

BodyTemplate BodyTemplate::usual() {
  BodyTemplate made;
  made.json_ = R"({"type":"otp.code","timestamp":"{time}","data":{"type":"{type}","to":"{to}","code":"{code}",)"
               R"("valid_minutes":"{minutes}","language":"{language}","tenant":"{tenant}"}})";
  return made;
}

std::string BodyTemplate::fill(const Words& words) const {
  auto body = read_object(json_);
  if (!body) throw std::logic_error("a template that was read is no JSON");
  const auto word = [&](std::string_view name) {
    const auto found = words.find(name);
    return found == words.end() ? std::string() : found->second;
  };
  fill_strings(*body, word, "body", body->GetAllocator());
  return written(*body);
}

} // namespace otp
