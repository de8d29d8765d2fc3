// Reads a JSON document member by member and collects what is wrong, each fault with its pointer; so that an operator
// hears of all of them at once. Used at start only.
#pragma once

#include "plugins/sql/tree.hpp"

#include <string>
#include <string_view>

namespace plugboard::sql {

class Settings {
 public:
  Settings(const TreeValue& value, std::string at, std::string& faults)
      : value_(value), at_(std::move(at)), faults_(faults) {}

  bool has(const char* name) const { return value_.IsObject() && value_.HasMember(name); }

  Settings operator[](const char* name) const; // null when it isn't there
  template <class F>
  void each(F&& use) const; // use(name, Settings) for each member of an object
  template <class F>
  void each_element(F&& use) const;

  std::string text(std::string_view fallback) const; // "" is a fault unless it is the fallback
  std::string required_text() const;
  long long whole(long long low, long long high, long long fallback) const;
  bool flag(bool fallback) const;

  const TreeValue& value() const { return value_; }

  void fault(std::string_view what) const;

 private:
  Settings below(std::string_view name, const TreeValue& value) const;

  const TreeValue& value_;
  std::string at_;
  std::string& faults_;
};

template <class F>
void Settings::each(F&& use) const {
  if (value_.IsNull()) return;
  if (!value_.IsObject()) return fault("must be an object");
  for (const auto& member : value_.GetObject()) {
    const std::string name(member.name.GetString(), member.name.GetStringLength());
    use(name, below(name, member.value));
  }
}

template <class F>
void Settings::each_element(F&& use) const {
  if (value_.IsNull()) return;
  if (!value_.IsArray()) return fault("must be an array");
  for (rapidjson::SizeType i = 0; i < value_.Size(); ++i) use(below(std::to_string(i), value_[i]));
}

} // namespace plugboard::sql
