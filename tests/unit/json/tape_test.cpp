// The tape that shapes are checked over: what it says of a text is what simdjson's own iterators say.
#include "core/json/tape.hpp"

#include <gtest/gtest.h>

namespace plugboard::json {
namespace {

constexpr std::string_view kText =
    R"({"a":[1,-2,18446744073709551615,2.5,"é\n",true,false,null,[],{}],"b":{"c":"","d":{"e":"last"}}})";

class TapeTest : public testing::Test {
 protected:
  Reader reader_;
  Value root_ = *reader_.read(kText);
};

void compare(Value value) {
  std::size_t at = 0;
  const Tape tape = Tape::of(value.element(), at);
  switch (value.type()) {
  case Type::object: {
    EXPECT_EQ(Tape::Kind::START_OBJECT, tape.kind(at));
    std::size_t inner = at + 1;
    value.each_member([&](std::string_view key, Value member) {
      EXPECT_EQ(key, tape.string(inner));
      std::size_t there = 0;
      Tape::of(member.element(), there);
      EXPECT_EQ(there, inner + 1);
      compare(member);
      inner = tape.after(inner + 1);
    });
    EXPECT_EQ(tape.end(at), inner + 1);
    break;
  }
  case Type::array: {
    EXPECT_EQ(Tape::Kind::START_ARRAY, tape.kind(at));
    std::size_t inner = at + 1;
    value.each_element([&](Value element) {
      std::size_t there = 0;
      Tape::of(element.element(), there);
      EXPECT_EQ(there, inner);
      compare(element);
      inner = tape.after(inner);
    });
    EXPECT_EQ(tape.end(at), inner + 1);
    break;
  }
  case Type::string:
    EXPECT_EQ(*value.string(), tape.string(at));
    break;
  case Type::integer:
    if (value.integer())
      EXPECT_EQ(*value.integer(), tape.number<std::int64_t>(at));
    else
      EXPECT_EQ(18446744073709551615U, tape.number<std::uint64_t>(at));
    break;
  case Type::real:
    EXPECT_EQ(*value.number(), tape.number<double>(at));
    break;
  case Type::boolean:
    EXPECT_EQ(*value.boolean() ? Tape::Kind::TRUE_VALUE : Tape::Kind::FALSE_VALUE, tape.kind(at));
    break;
  case Type::null:
    EXPECT_EQ(Tape::Kind::NULL_VALUE, tape.kind(at));
    break;
  }
}

TEST_F(TapeTest, SaysWhatTheIteratorsSay) {
  compare(root_);
}

TEST_F(TapeTest, BeginsWhereTheValueIs) {
  std::size_t at = 0;
  const Tape tape = Tape::of(root_["b"]["d"]["e"].element(), at);
  EXPECT_EQ("last", tape.string(at));
}

} // namespace
} // namespace plugboard::json
