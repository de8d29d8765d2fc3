#include "plugins/sql/settings.hpp"

namespace plugboard::sql {
namespace {

const TreeValue& nothing() {
  static const TreeValue null;
  return null;
}

} // namespace

Settings Settings::below(std::string_view name, const TreeValue& value) const {
  std::string at = at_ + "/";
  for (char c : name)
    if (c == '~' || c == '/')
      at.append(c == '~' ? "~0" : "~1");
    else
      at.push_back(c);
  return {value, std::move(at), faults_};
}

Settings Settings::operator[](const char* name) const {
  return below(name, has(name) ? value_.FindMember(name)->value : nothing());
}

std::string Settings::text(std::string_view fallback) const {
  if (value_.IsNull()) return std::string(fallback);
  if (value_.IsString() && value_.GetStringLength() > 0) return {value_.GetString(), value_.GetStringLength()};
  fault("must be a text that is not empty");
  return std::string(fallback);
}

std::string Settings::required_text() const {
  if (value_.IsNull()) fault("is missing");
  return text("");
}

long long Settings::whole(long long low, long long high, long long fallback) const {
  if (value_.IsNull()) return fallback;
  if (value_.IsInt64() && value_.GetInt64() >= low && value_.GetInt64() <= high) return value_.GetInt64();
  fault("must be a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  return fallback;
}

bool Settings::flag(bool fallback) const {
  if (value_.IsNull()) return fallback;
  if (!value_.IsBool()) fault("must be true or false");
  return value_.IsTrue();
}

void Settings::fault(std::string_view what) const {
  if (!faults_.empty()) faults_.append("; ");
  faults_.append(at_.empty() ? "the configuration" : at_).append(": ").append(what);
}

} // namespace plugboard::sql
