// A section's shape, compiled from its JSON Schema (sdk/shapes): checked on the way of a request over the strict
// reader's view, without a tree. What the shape does not know is not let through: those members are cut out.
#pragma once

#include "core/json/reader.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::json {

struct ShapeNode;

class Shape {
 public:
  // Refuses a schema with a keyword that this checker does not enforce. Enforced: type, properties, required, items,
  // additionalProperties (true | false | schema), enum, const, minimum, maximum, minLength, maxLength, pattern-free
  // `format` (date-time, date, email), maxItems, $ref to #/$defs/…, and our annotations
  // x-classification, x-untrusted, x-never, x-rows.
  static Result<Shape> compile(std::string_view schema_text);
  Shape(Shape&&) noexcept;
  Shape& operator=(Shape&&) noexcept;
  ~Shape();

  const std::string& name() const;                   // "contact/v1": the schema's $id
  const std::string& rows() const;                   // JSON Pointer of the array that many rows fill; "" for one row
  const std::vector<std::string>& untrusted() const; // pointers (with * for each element) of text people outside wrote

  const ShapeNode& root() const; // what may stand where; lives as long as the shape

  struct Checked {
    bool whole = true; // nothing was cut: the bytes may be spliced as they came
    std::string cut;   // !whole: the text without what the shape does not know
    std::size_t dropped = 0;
  };

  // Error: malformed, message "/orders/3/total/amount_minor: must be an integer".
  Result<Checked> check(Value value) const;

 private:
  struct State;
  explicit Shape(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// All published shapes by name, compiled once at start from the sdk's files. [read-only after start: any thread]
using Shapes = std::map<std::string, std::shared_ptr<const Shape>, std::less<>>;
Result<Shapes> compile_shapes(const std::vector<std::string_view>& schema_texts);

} // namespace plugboard::json
