// Documents from a seed: what Writer writes is read back equal by both readers; what is mutated never does harm.
#include "core/base/random.hpp"
#include "core/json/document.hpp"
#include "core/json/reader.hpp"
#include "core/json/shape.hpp"
#include "core/json/writer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <set>

namespace plugboard::json {
namespace {

class Generator { // writes one random value, and what both readers should see of it as one canonical text
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string document() {
    std::string text;
    Writer writer(text);
    value(writer, 0);
    return text;
  }

  SeededRandom& random() { return random_; }

 private:
  std::string word() {
    static constexpr std::string_view kPieces[] = {"a",    "Z", "0",  "\"", "\\",     "/", "\n",
                                                   "\x7f", "é", "東", "😀",  "\u2028", "~", " "};
    std::string text;
    for (auto left = random_.below(9); left > 0; --left) text += kPieces[random_.below(std::size(kPieces))];
    return text;
  }

  double real() {
    double value = 0;
    do {
      const std::uint64_t bits = random_.next();
      std::memcpy(&value, &bits, sizeof value);
    } while (!std::isfinite(value));
    return value;
  }

  void value(Writer& writer, int depth) {
    switch (random_.below(depth < 6 ? 9 : 6)) {
    case 0:
      writer.null();
      return;
    case 1:
      writer.value(random_.below(2) == 0);
      return;
    case 2:
      writer.value(static_cast<std::int64_t>(random_.next()));
      return;
    case 3:
      writer.value(static_cast<std::size_t>(random_.next()));
      return;
    case 4:
      writer.value(real());
      return;
    case 5:
      writer.value(word());
      return;
    case 6:
      writer.begin_array();
      for (auto left = random_.below(6); left > 0; --left) value(writer, depth + 1);
      writer.end_array();
      return;
    default:
      object(writer, depth);
    }
  }

  void object(Writer& writer, int depth) {
    std::set<std::string> keys;
    for (auto left = random_.below(20); left > 0; --left) keys.insert(word());
    writer.begin_object();
    for (const std::string& key : keys) {
      writer.key(key);
      value(writer, depth + 1);
    }
    writer.end_object();
  }

  SeededRandom random_;
};

void write_again(Writer& writer, Value value) {
  switch (value.type()) {
  case Type::null:
    writer.null();
    return;
  case Type::boolean:
    writer.value(*value.boolean());
    return;
  case Type::integer:
    if (const auto integer = value.integer())
      writer.value(*integer);
    else
      writer.value(static_cast<std::size_t>(std::uint64_t(value.element())));
    return;
  case Type::real:
    writer.value(*value.number());
    return;
  case Type::string:
    writer.value(*value.string());
    return;
  case Type::array:
    writer.begin_array();
    value.each_element([&](Value element) { write_again(writer, element); });
    writer.end_array();
    return;
  case Type::object:
    writer.begin_object();
    value.each_member([&](std::string_view key, Value member) {
      writer.key(key);
      write_again(writer, member);
    });
    writer.end_object();
  }
}

void write_again(Writer& writer, const json::TreeValue& value) {
  if (value.IsNull())
    writer.null();
  else if (value.IsBool())
    writer.value(value.GetBool());
  else if (value.IsInt64())
    writer.value(value.GetInt64());
  else if (value.IsUint64())
    writer.value(static_cast<std::size_t>(value.GetUint64()));
  else if (value.IsDouble())
    writer.value(value.GetDouble());
  else if (value.IsString())
    writer.value(text_of(value));
  else if (value.IsArray()) {
    writer.begin_array();
    for (const auto& element : value.GetArray()) write_again(writer, element);
    writer.end_array();
  } else {
    writer.begin_object();
    for (const auto& entry : value.GetObject()) {
      writer.key(text_of(entry.name));
      write_again(writer, entry.value);
    }
    writer.end_object();
  }
}

template <class V>
std::string written(const V& value) {
  std::string text;
  Writer writer(text);
  write_again(writer, value);
  return text;
}

TEST(RandomDocumentTest, ReadsBackEqual) {
  Generator generator(2026);
  Reader reader;
  for (int i = 0; i < 3'000; ++i) {
    const std::string text = generator.document();
    const auto value = reader.read(text);
    ASSERT_TRUE(value) << to_string(value.error()) << "\n" << text;
    ASSERT_EQ(written(*value), text);
    const Document document = read_document(text, false);
    ASSERT_TRUE(document.faults.empty()) << text;
    ASSERT_EQ(written<json::TreeValue>(document.tree), text);
  }
}

std::string mutated(std::string text, SeededRandom& random) {
  for (auto left = 1 + random.below(4); left > 0 && !text.empty(); --left) {
    const auto at = random.below(text.size());
    switch (random.below(4)) {
    case 0:
      text[at] = static_cast<char>(random.below(256));
      break;
    case 1:
      text.erase(at, 1 + random.below(3));
      break;
    case 2:
      text.insert(at, text.substr(random.below(text.size()), random.below(12)));
      break;
    default:
      text[at] = "{}[],:\"\\0-e."[random.below(12)];
    }
  }
  return text;
}

TEST(RandomDocumentTest, MutationsDoNoHarmAndBothReadersAgree) {
  Generator generator(7);
  Reader reader;
  const Shape shape =
      Shape::compile(R"({"$id":"x/v1","properties":{"a":{"type":"string"},"":{"items":{"type":"integer"}}}})").value();
  int accepted = 0, refused = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::string text = mutated(generator.document(), generator.random());
    const auto value = reader.read(text);
    const Document document = read_document(text, false);
    ++(value ? accepted : refused);
    ASSERT_EQ(value.has_value(), document.faults.empty()) << text;
    if (!value) continue;
    ASSERT_EQ(written(*value), written<json::TreeValue>(document.tree)) << text;
    const auto checked = shape.check(*value);
    ASSERT_TRUE(!checked || checked->whole || Reader().read(checked->cut)) << text;
  }
  EXPECT_GT(accepted, 500);
  EXPECT_GT(refused, 500);
}

} // namespace
} // namespace plugboard::json
