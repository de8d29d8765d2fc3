#include "plugins/rest/fit.hpp"

#include "plugins/rest/pointer.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace plugboard::rest {

namespace {

constexpr std::size_t kMaxDepth = 64, kMaxMembers = 100'000;

template <class T>
bool reads_as(const std::string& text) {
  T value{};
  return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}

bool is_held(const std::string& number) {
  if (number.find_first_of(".eE") == number.npos)
    return reads_as<std::int64_t>(number) || reads_as<std::uint64_t>(number);
  return std::isfinite(std::strtod(number.c_str(), nullptr)); // too small is zero
}

class Walk {
 public:
  std::optional<std::string> fault(const Value& value, const std::string& at, std::size_t depth) {
    const auto is = [&](const char* what) { return "what was mapped to " + (at.empty() ? "the section" : at) + what; };
    if (value.is(Value::Kind::number) && !is_held(value.text))
      return is(" is a number larger than 64 bits or a double hold: map it \"as\": \"string\"");
    if (!value.is(Value::Kind::array) && !value.is(Value::Kind::object)) return std::nullopt;
    if (depth == kMaxDepth) return is(" is nested deeper than 64 levels");
    for (std::size_t i = 0; i < value.items.size(); ++i) {
      if (++members_ > kMaxMembers) return std::string("the mapped section has more than 100000 members and elements");
      const auto name = value.is(Value::Kind::object) ? value.names[i] : std::to_string(i);
      if (auto found = fault(value.items[i], below(at, name), depth + 1)) return found;
    }
    return std::nullopt;
  }

 private:
  std::size_t members_ = 0;
};

} // namespace

std::optional<std::string> unfit(const Value& section) {
  return Walk().fault(section, "", 0);
}

} // namespace plugboard::rest
