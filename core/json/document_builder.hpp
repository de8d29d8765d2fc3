// RapidJSON's events on their way into a Document: keeps the first of duplicate keys and reports the others, converts
// numbers exactly, limits depth. Lives for one read_document(). [one thread]
#pragma once

#include "core/json/document.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::json {

class DocumentBuilder { // a RapidJSON handler: the names below are its
 public:
  using Ch = char;

  explicit DocumentBuilder(Document& document) : document_(document) {}

  bool Null();
  bool Bool(bool value);
  bool RawNumber(const char* text, rapidjson::SizeType length, bool copy);
  bool String(const char* text, rapidjson::SizeType length, bool copy);
  bool Key(const char* text, rapidjson::SizeType length, bool copy);
  bool StartObject();
  bool EndObject(rapidjson::SizeType members);
  bool StartArray();
  bool EndArray(rapidjson::SizeType elements);

  // Numbers come as text only; the parser's templates want these to exist.
  bool Int(int) { return false; }

  bool Uint(unsigned) { return false; }

  bool Int64(std::int64_t) { return false; }

  bool Uint64(std::uint64_t) { return false; }

  bool Double(double) { return false; }

 private:
  struct Frame { // an object or array that is open
    bool object;
    bool kept;                     // false: part of a duplicate member's value
    bool member_kept = true;       // object: the value that comes next is wanted
    rapidjson::SizeType count = 0; // array: elements so far; object: members kept
    std::string key;               // object: of the member that is being read
    std::set<std::string> keys;
  };

  bool open(bool object);
  Frame close();
  bool wanted() const;      // is the value that comes now part of the tree?
  bool done(bool accepted); // after a value
  std::string pointer() const;
  void fault(std::string message);

  Document& document_;
  std::vector<Frame> frames_;
};

} // namespace plugboard::json
