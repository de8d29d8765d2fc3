#include "plugins/sql/bind.hpp"

#include "plugins/sql/text.hpp"

#include <plugboard/json_memory.hpp>

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <map>

namespace plugboard::sql {
namespace {

constexpr std::string_view kParams = "params.";

// Reads the members of the params object; what is an object or an array itself is remembered as such.
class ParamsReader : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, ParamsReader> {
 public:
  struct Param {
    Value value;
    bool scalar = true;
  };

  bool Null() { return put({}); }

  bool Bool(bool value) { return put({Value::Kind::boolean, value ? "true" : "false"}); }

  bool RawNumber(const char* text, rapidjson::SizeType size, bool) {
    return put({Value::Kind::number, std::string(text, size)});
  }

  bool String(const char* text, rapidjson::SizeType size, bool) {
    return put({Value::Kind::text, std::string(text, size)});
  }

  bool Key(const char* text, rapidjson::SizeType size, bool) {
    if (depth_ == 1) name_.assign(text, size);
    return true;
  }

  bool StartObject() { return open(); }

  bool StartArray() { return open(); }

  bool EndObject(rapidjson::SizeType) { return --depth_ >= 0; }

  bool EndArray(rapidjson::SizeType) { return --depth_ >= 0; }

  std::map<std::string, Param, std::less<>> found;

 private:
  bool put(Value value) {
    if (depth_ == 1) found[name_] = {std::move(value), true};
    return depth_ > 0;
  }

  bool open() {
    if (depth_ == 1) found[name_] = {{}, false};
    ++depth_;
    return true;
  }

  std::string name_;
  int depth_ = 0;
};

bool read_params(std::string_view text, ParamsReader& params) {
  constexpr unsigned flags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag | rapidjson::kParseNumbersAsStringsFlag;
  rapidjson::MemoryStream bytes(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(bytes);
  rapidjson::GenericReader<rapidjson::UTF8<>, rapidjson::UTF8<>, JsonMemory> reader;
  return !reader.Parse<flags>(stream, params).IsError();
}

Value text_value(std::string_view text) {
  return text.empty() ? Value{} : Value{Value::Kind::text, std::string(text)};
}

Value identifier_value(const std::string& type, const Request& request) {
  auto found = request.find(type);
  return found ? text_value(found->value) : Value{};
}

} // namespace

Result<std::vector<Value>> bind_values(const std::vector<std::string>& names, const Request& request) {
  ParamsReader params;
  if (!request.params().empty() && !read_params(request.params(), params))
    return Failure{Status::failed, "the params are no JSON object"};
  std::vector<Value> values;
  values.reserve(names.size());
  std::size_t identifiers = 0, known = 0;
  for (const auto& name : names) {
    if (name.rfind(kParams, 0) == 0) {
      auto param = params.found.find(std::string_view(name).substr(kParams.size()));
      if (param != params.found.end() && !param->second.scalar)
        return Failure{Status::failed, ":" + name + " must be a text, a number, true, false or null"};
      values.push_back(param == params.found.end() ? Value{} : param->second.value);
    } else if (name == "tenant" || name == "language") {
      values.push_back(text_value(name == "tenant" ? request.tenant() : request.language()));
    } else {
      values.push_back(identifier_value(name, request));
      ++identifiers;
      known += values.back().kind == Value::Kind::null ? 0 : 1;
    }
    // A text that were cut at its NUL would ask for somebody else.
    const auto& text = values.back().text;
    if (text.find('\0') != std::string::npos || !is_utf8(text))
      return Failure{Status::failed, ":" + name + " holds a NUL character or bytes that are no UTF-8"};
  }
  if (identifiers > 0 && known == 0) // a query may well find everybody then
    return Failure{Status::failed, "none of the identifiers that the query asks with is known"};
  return values;
}

} // namespace plugboard::sql
