// One JSON text before all five readers: the hub's strict one, the one for people's files, the one that the SDK has for
// authors, and those of the plugins `rest` and `jwt`. What the strict one accepts, the others accept and understand the
// same; what a writer wrote is read back.
#include "core/json/document.hpp"
#include "core/json/reader.hpp"
#include "tests/fuzz/plugin_readers.hpp"
#include "tests/fuzz/target.hpp"

#include <bit>

namespace plugboard::fuzz {
namespace {

bool same(json::Value a, const json::TreeValue& b);

bool same_object(json::Value a, const json::TreeValue& b) {
  if (!b.IsObject() || a.size() != b.MemberCount()) return false;
  bool all = true;
  auto member = b.MemberBegin();
  a.each_member([&](std::string_view key, json::Value value) {
    all = all && json::text_of(member->name) == key && same(value, member->value);
    ++member;
  });
  return all;
}

bool same_array(json::Value a, const json::TreeValue& b) {
  if (!b.IsArray() || a.size() != b.Size()) return false;
  bool all = true;
  auto element = b.Begin();
  a.each_element([&](json::Value value) { all = all && same(value, *element++); });
  return all;
}

bool same(json::Value a, const json::TreeValue& b) {
  switch (a.type()) {
  case json::Type::null:
    return b.IsNull();
  case json::Type::boolean:
    return b.IsBool() && b.GetBool() == *a.boolean();
  case json::Type::integer:
    return a.integer() ? b.IsInt64() && b.GetInt64() == *a.integer() : b.IsUint64();
  case json::Type::real: // to the bit: one text has one value
    return b.IsDouble() && std::bit_cast<std::uint64_t>(b.GetDouble()) == std::bit_cast<std::uint64_t>(*a.number());
  case json::Type::string:
    return b.IsString() && json::text_of(b) == *a.string();
  case json::Type::array:
    return same_array(a, b);
  case json::Type::object:
    return same_object(a, b);
  }
  return false;
}

void check_plugins(std::string_view text, bool accepted, bool object, const std::string& written) {
  const auto passed_on = written_by_rest(text);
  require(passed_on.has_value() || !accepted, "rest reads what the hub reads");
  if (passed_on && accepted) {
    json::Reader reader;
    const auto through = reader.read(*passed_on);
    require(through.has_value() && json::to_text(*through) == written, "what rest passes on is what came");
  }
  require(object || !is_taken_by_jwt(text), "jwt reads no more than the hub: a claim has one meaning");
}

// An author reads no less than the hub, and no more: what one plugin takes for an answer is one to the hub as well.
void check_sdk(std::string_view text, const std::string& written) {
  const auto by_sdk = written_by_sdk(text);
  require(by_sdk.has_value() || written.empty(), "the SDK reads what the hub reads");
  if (!by_sdk) return;
  json::Reader wide;
  const auto through = wide.read(*by_sdk);
  require(through.has_value() || through.error().message.find("number is larger") != std::string::npos,
          "the hub reads what the SDK has read");
  require(written.empty() || json::to_text(*through) == written, "and it is what came");
}

} // namespace

void fuzz(std::string_view input) {
  static const json::Limits kLimits{1 << 16, 64, 1000};
  json::Reader reader(kLimits);
  const auto value = reader.read(input);
  if (!value) {
    require(!value.error().message.empty(), "a refusal says why");
    require(value.error().code == Code::malformed || value.error().code == Code::too_large, "and is one of two");
    check_sdk(input, "");
    if (value.error().message.find("number is larger") != std::string::npos) return; // to jwt it is a double
    json::Reader wide;
    const auto without_limits = wide.read(input);
    return check_plugins(input, false, without_limits.has_value() && without_limits->is_object(), "");
  }
  if (has_large_exponent(input)) return;
  const auto document = json::read_document(input, false);
  require(document.faults.empty(), "the reader for people's files accepts what the strict one accepts");
  require(same(*value, document.tree), "two readers see the same");
  const std::string written = json::to_text(*value);
  json::Reader second(kLimits);
  const auto again = second.read(written);
  require(again.has_value() && json::to_text(*again) == written, "what was written is read back the same");
  require(same(*again, document.tree), "and is the same");
  check_plugins(input, true, value->is_object(), written);
  check_sdk(input, written);
}

} // namespace plugboard::fuzz
