// A schema when memory ends while it is read or used: whoever asked is told so, and no library goes on without.
#include "core/json/schema.hpp"
#include "tests/support/starvation.hpp"

#include <gtest/gtest.h>

#include <new>

// valijson lets go of a value of an enum that there was no memory to keep, and does not free it.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/lsan_interface.h>
#define LOST_BY_VALIJSON __lsan::ScopedDisabler lost_by_valijson
#endif
#endif
#ifndef LOST_BY_VALIJSON
#define LOST_BY_VALIJSON static_cast<void>(0)
#endif

namespace plugboard::json {
namespace {

using plugboard::testing::Starvation;

// Every kind of rule that holds memory of its own.
constexpr std::string_view kSchema = R"({
  "type": ["object", "null"], "required": ["mode", "name"], "additionalProperties": false,
  "propertyNames": {"pattern": "^[a-z_]+$"}, "minProperties": 1,
  "properties": {
    "mode": {"enum": ["one of a few modes with names so long", "that no string keeps them in itself", 3]},
    "name": {"type": "string", "pattern": "^[a-z]+$", "minLength": 1},
    "version": {"const": "a version so long that it does not fit"},
    "list": {"type": "array", "items": {"$ref": "#/$defs/entry"}, "uniqueItems": true, "contains": {"type": "object"}},
    "either": {"oneOf": [{"type": "string"}, {"allOf": [{"type": "integer"}, {"not": {"const": 7}}]}]}
  },
  "patternProperties": {"^x_": {"if": {"type": "string"}, "then": {"maxLength": 80}, "else": {"type": "integer"}}},
  "$defs": {"entry": {"anyOf": [{"type": "object"}, {"type": "number", "minimum": 1}]}}
})";

// Calls `is_done` with memory that ends at the first, the second, … allocation, until it is done without meeting that.
template <class IsDone>
int until_there_is_enough(IsDone&& is_done) {
  for (int n = 1; n < 100'000; ++n) {
    try {
      const Starvation starvation(n);
      const bool done = is_done();
      if (!starvation.came()) return n - 1;
      EXPECT_FALSE(done) << "it did without allocation " << n;
    } catch (const std::bad_alloc&) {
      continue;
    }
  }
  return 0;
}

TEST(SchemaNoMemoryTest, IsNotCompiled) {
  LOST_BY_VALIJSON;
  const int allocations = until_there_is_enough([] {
    const auto schema = Schema::compile(kSchema);
    if (!schema) {
      EXPECT_NE(schema.error().message.find("allocate memory"), std::string::npos) << schema.error().message;
    }
    return schema.has_value();
  });
  EXPECT_GT(allocations, 100);
}

TEST(SchemaNoMemoryTest, DoesNotCheck) {
  const auto schema = Schema::compile(kSchema);
  ASSERT_TRUE(schema);
  const auto document = read_document(R"({"mode": "wrong", "name": "Ada", "list": [{}, 0], "either": 7})", false);
  const auto faults = schema->check(document.tree).size();
  const int allocations = until_there_is_enough([&] {
    EXPECT_EQ(schema->check(document.tree).size(), faults);
    return true;
  });
  EXPECT_GT(allocations, 20);
}

} // namespace
} // namespace plugboard::json
