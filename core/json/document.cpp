#include "core/json/document.hpp"

#include "core/json/document_builder.hpp"
#include "core/json/pointer.hpp"
#include "core/json/syntax.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <charconv>

namespace plugboard::json {
namespace {

// Never kParseFullPrecisionFlag: a number of 50 digits crashes it. Numbers come as text and
// are converted by the builder.
constexpr unsigned kFlags =
    rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;

const TreeValue* element(const TreeValue& array, std::string_view token) {
  rapidjson::SizeType index = 0;
  const char* end = token.data() + token.size();
  const auto [stop, error] = std::from_chars(token.data(), end, index);
  const bool canonical = error == std::errc() && stop == end && (token.size() == 1 || token.front() != '0');
  return canonical && index < array.Size() ? &array[index] : nullptr;
}

} // namespace

Document read_document(std::string_view text, bool comments_allowed) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3); // some editors write a byte order mark
  Document document;
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) { // RapidJSON takes it for the end
    document.faults.push_back({"", place_of(text, nul) + "A NUL byte."});
    return document;
  }
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, JsonMemory> reader;
  DocumentBuilder builder(document);
  auto parse = [&](Tree&) {
    return !(comments_allowed ? reader.Parse<kFlags | rapidjson::kParseCommentsFlag>(stream, builder)
                              : reader.Parse<kFlags>(stream, builder))
                .IsError();
  };
  document.tree.Populate(parse);
  if (reader.HasParseError() && reader.GetParseErrorCode() != rapidjson::kParseErrorTermination) {
    const rapidjson::ParseResult result(reader.GetParseErrorCode(), reader.GetErrorOffset());
    document.faults.assign(1, {"", syntax_message(text, result)});
  }
  return document;
}

// Not by CopyFrom, whose memory on the way is RapidJSON's own: it does not look whether there was any.
Tree copy_of(const TreeValue& value) {
  Tree copy;
  auto say = [&value](Tree& into) { return value.Accept(into); };
  copy.Populate(say);
  return copy;
}

using Buffer = rapidjson::GenericStringBuffer<rapidjson::UTF8<>, JsonMemory>;

std::string to_text(const TreeValue& value) {
  Buffer buffer;
  rapidjson::Writer<Buffer, rapidjson::UTF8<>, rapidjson::UTF8<>, JsonMemory> writer(buffer);
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string_view text_of(const TreeValue& value) {
  if (!value.IsString()) return "";
  return {value.GetString(), value.GetStringLength()};
}

const TreeValue* member(const TreeValue& object, std::string_view key) {
  if (!object.IsObject()) return nullptr;
  for (const auto& entry : object.GetObject()) {
    if (text_of(entry.name) == key) return &entry.value;
  }
  return nullptr;
}

const TreeValue* at_pointer(const TreeValue& root, std::string_view pointer) {
  const auto tokens = pointer_tokens(pointer);
  if (!tokens) return nullptr;
  const TreeValue* value = &root;
  for (const std::string& token : *tokens) {
    value = value->IsArray() ? element(*value, token) : member(*value, token);
    if (value == nullptr) return nullptr;
  }
  return value;
}

} // namespace plugboard::json
