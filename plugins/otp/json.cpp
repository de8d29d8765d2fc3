#include "plugins/otp/json.hpp"

#include <rapidjson/memorystream.h>

namespace otp {

std::optional<Document> read_object(std::string_view text) {
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag;
  if (text.find('\0') != std::string_view::npos) return std::nullopt; // the parser would take it for the end
  rapidjson::MemoryStream bytes(text.data(), text.size());
  Document document;
  document.ParseStream<kFlags>(bytes);
  if (document.HasParseError() || !document.IsObject()) return std::nullopt;
  return document;
}

const Value* member(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto found =
      object.FindMember(Value(rapidjson::StringRef(name.data(), static_cast<rapidjson::SizeType>(name.size()))));
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::optional<std::string_view> text_member(const Value& object, std::string_view name) {
  const auto* value = member(object, name);
  if (!value || !value->IsString()) return std::nullopt;
  return text_of(*value);
}

} // namespace otp
