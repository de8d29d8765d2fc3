#include "plugins/sql/text.hpp"

#include <plugboard/json_memory.hpp>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace plugboard::sql {
namespace {

using Byte = unsigned char;

// The length of the character that starts here, 0 when it is none.
std::size_t character(std::string_view text) {
  const auto lead = static_cast<Byte>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((static_cast<Byte>(text[i]) & 0xc0) != 0x80) return 0;
  const auto second = static_cast<Byte>(text[1]);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool beyond = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f); // surrogates, U+110000
  return overlong || beyond ? 0 : size;
}

void append_escape(std::string& out, char c) {
  static constexpr char hex[] = "0123456789abcdef";
  switch (c) {
  case '"':
    out.append("\\\"");
    break;
  case '\\':
    out.append("\\\\");
    break;
  case '\n':
    out.append("\\n");
    break;
  case '\r':
    out.append("\\r");
    break;
  case '\t':
    out.append("\\t");
    break;
  default:
    out.append("\\u00");
    out.push_back(hex[static_cast<Byte>(c) >> 4]);
    out.push_back(hex[static_cast<Byte>(c) & 15]);
  }
}

} // namespace

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    auto size = character(bytes);
    if (size == 0) return false;
    bytes.remove_prefix(size);
  }
  return true;
}

bool is_json(std::string_view text) {
  constexpr unsigned flags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos) return false;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  rapidjson::BaseReaderHandler<> nothing;
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, JsonMemory> reader;
  return !reader.Parse<flags>(stream, nothing).IsError();
}

void append_quoted(std::string& out, std::string_view utf8) {
  out.push_back('"');
  for (char c : utf8)
    if (static_cast<Byte>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f)
      append_escape(out, c);
    else
      out.push_back(c);
  out.push_back('"');
}

} // namespace plugboard::sql
