// What is wrong with a configuration, all of it, each with its JSON Pointer and what to do. Filled while the
// configuration is compiled, at create, on one thread.
#pragma once

#include "plugins/rest/pointer.hpp"

#include <stdexcept>

namespace plugboard::rest {

class Problems {
 public:
  void add(std::string_view pointer, std::string_view sentence) {
    if (!text_.empty()) text_ += "; ";
    text_ += pointer.empty() ? std::string_view("/") : pointer;
    text_ += ": ";
    text_ += sentence;
  }

  bool none() const { return text_.empty(); }

  const std::string& text() const { return text_; }

  void raise() const {
    if (!none()) throw std::invalid_argument(text_);
  }

 private:
  std::string text_;
};

// An object of the configuration, read member by member. What is asked for and has the wrong type is a problem; so is
// what nobody asked for (a misspelt member) when all_read() is called.
class Fields {
 public:
  Fields(const Value& object, std::string_view pointer, Problems& problems);

  const Value* any(std::string_view name); // null when absent

  const Value* object(std::string_view name) { return of(name, Value::Kind::object, "a JSON object"); }

  const Value* array(std::string_view name) { return of(name, Value::Kind::array, "a JSON array"); }

  std::optional<std::string> string(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<Pointer> pointer(std::string_view name); // a string that is a JSON Pointer
  void all_read();

  std::string at(std::string_view name) const { return below(pointer_, name); }

  const std::string& at() const { return pointer_; }

  Problems& problems() { return problems_; }

 private:
  const Value* of(std::string_view name, Value::Kind kind, const char* what);

  const Value& object_;
  std::string pointer_;
  Problems& problems_;
  std::vector<std::string_view> asked_;
};

} // namespace plugboard::rest
