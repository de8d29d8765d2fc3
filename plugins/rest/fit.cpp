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

struct Fault {
  std::string at; // grows from its end: only a fault costs a pointer
  const char* what;
};

class Walk {
 public:
  std::optional<Fault> fault(const Value& value, std::size_t depth) {
    if (value.is(Value::Kind::number) && !is_held(value.text))
      return Fault{"", "is a number larger than 64 bits or a double hold: map it \"as\": \"string\""};
    const bool object = value.is(Value::Kind::object);
    if (!object && !value.is(Value::Kind::array)) return std::nullopt;
    if (depth == kMaxDepth) return Fault{"", "is nested deeper than 64 levels"};
    members_ += value.items.size();
    if (members_ > kMaxMembers) return Fault{"", "goes over the 100,000 members and elements that a section may have"};
    for (std::size_t i = 0; i < value.items.size(); ++i)
      if (auto found = fault(value.items[i], depth + 1)) {
        found->at.insert(0, below("", object ? value.names[i] : std::to_string(i)));
        return found;
      }
    return std::nullopt;
  }

 private:
  std::size_t members_ = 0;
};

} // namespace

std::optional<std::string> unfit(const Value& section) {
  const auto fault = Walk().fault(section, 0);
  if (!fault) return std::nullopt;
  return "what was mapped to " + (fault->at.empty() ? "the section" : fault->at) + " " + fault->what;
}

} // namespace plugboard::rest
