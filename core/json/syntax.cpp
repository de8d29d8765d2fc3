#include "core/json/syntax.hpp"

#include "core/json/tree.hpp"

#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

namespace plugboard::json {
namespace {

constexpr unsigned kFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

bool follows_comma(std::string_view text, std::size_t offset) {
  const std::size_t before = text.substr(0, offset).find_last_not_of(" \t\r\n");
  return before != std::string_view::npos && text[before] == ',';
}

} // namespace

std::string place_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::string_view in_line = before.substr(before.rfind('\n') + 1); // npos + 1 is 0
  const auto column = std::count_if(in_line.begin(), in_line.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return "line " + std::to_string(line) + ", column " + std::to_string(column + 1) + ": ";
}

std::string syntax_message(std::string_view text, const rapidjson::ParseResult& result) {
  const std::size_t offset = std::min(result.Offset(), text.size());
  std::string place = place_of(text, offset);
  const bool name_or_value_missing =
      result.Code() == rapidjson::kParseErrorObjectMissName || result.Code() == rapidjson::kParseErrorValueInvalid;
  const bool closes = offset < text.size() && (text[offset] == '}' || text[offset] == ']');
  if (name_or_value_missing && closes && follows_comma(text, offset)) {
    return place + "A comma stands before the closing bracket; remove it.";
  }
  if (result.Code() == rapidjson::kParseErrorNumberTooBig) return place.append(kNumberTooLarge);
  return place + rapidjson::GetParseError_En(result.Code());
}

std::optional<std::string> syntax_fault(std::string_view text, bool comments_allowed) {
  // RapidJSON takes a NUL for the end of the text.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return place_of(text, nul) + "A NUL byte.";
  }
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, JsonMemory> reader;
  rapidjson::BaseReaderHandler<> nothing;
  const rapidjson::ParseResult result = comments_allowed
                                            ? reader.Parse<kFlags | rapidjson::kParseCommentsFlag>(stream, nothing)
                                            : reader.Parse<kFlags>(stream, nothing);
  if (!result.IsError()) return std::nullopt;
  return syntax_message(text, result);
}

} // namespace plugboard::json
