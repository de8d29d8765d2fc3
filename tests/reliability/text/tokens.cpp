#include "tests/reliability/text/tokens.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <algorithm>

namespace plugboard::test {
namespace {

struct Collector : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Collector> {
  bool add(std::string token) {
    tokens.push_back(std::move(token));
    return true;
  }

  bool Null() { return add("null"); }

  bool Bool(bool truth) { return add(truth ? "true" : "false"); }

  bool RawNumber(const char* text, rapidjson::SizeType size, bool) { return add("#" + std::string(text, size)); }

  bool String(const char* text, rapidjson::SizeType size, bool) { return add("\"" + std::string(text, size)); }

  bool Key(const char* text, rapidjson::SizeType size, bool) { return add(":" + std::string(text, size)); }

  bool StartObject() { return add("{"); }

  bool EndObject(rapidjson::SizeType) { return add("}"); }

  bool StartArray() { return add("["); }

  bool EndArray(rapidjson::SizeType) { return add("]"); }

  Tokens tokens;
};

} // namespace

std::optional<Tokens> tokens_of(std::string_view text) {
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  Collector collector;
  if (reader.Parse<kFlags>(stream, collector).IsError()) return std::nullopt;
  return std::move(collector.tokens);
}

bool stands_in(const Tokens& part, const Tokens& whole) {
  return std::search(whole.begin(), whole.end(), part.begin(), part.end()) != whole.end();
}

} // namespace plugboard::test
