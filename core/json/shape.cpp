#include "core/json/shape.hpp"

#include "core/json/document.hpp"
#include "core/json/shape_check.hpp"
#include "core/json/shape_compile.hpp"

#include <utility>

namespace plugboard::json {

struct Shape::State {
  ShapeTree tree;
};

Shape::Shape(std::unique_ptr<State> state) : state_(std::move(state)) {}

Shape::Shape(Shape&&) noexcept = default;
Shape& Shape::operator=(Shape&&) noexcept = default;
Shape::~Shape() = default;

Result<Shape> Shape::compile(std::string_view schema_text) {
  const Document document = read_document(schema_text, false);
  if (!document.faults.empty()) {
    const Fault& fault = document.faults.front();
    return fail(Code::malformed, fault.pointer.empty() ? fault.message : fault.pointer + ": " + fault.message);
  }
  auto state = std::make_unique<State>();
  if (auto compiled = compile_shape(document.tree, state->tree); !compiled) {
    Error error = compiled.error();
    error.origin = state->tree.name.empty() ? "shape" : "shape " + state->tree.name;
    return error;
  }
  return Shape(std::move(state));
}

const std::string& Shape::name() const {
  return state_->tree.name;
}

const std::string& Shape::rows() const {
  return state_->tree.rows;
}

const ShapeNode& Shape::root() const {
  return *state_->tree.root;
}

const std::vector<std::string>& Shape::untrusted() const {
  return state_->tree.untrusted;
}

Result<Shape::Checked> Shape::check(Value value) const {
  const auto dropped = check_shape(*state_->tree.root, value);
  if (!dropped) return dropped.error();
  Checked checked;
  checked.dropped = *dropped;
  checked.whole = *dropped == 0;
  if (!checked.whole) checked.cut = cut_to_shape(*state_->tree.root, value);
  return checked;
}

Result<Shapes> compile_shapes(const std::vector<std::string_view>& schema_texts) {
  Shapes shapes;
  for (const std::string_view text : schema_texts) {
    auto shape = Shape::compile(text);
    if (!shape) return shape.error();
    std::string name = shape->name();
    auto shared = std::make_shared<const Shape>(std::move(*shape));
    if (!shapes.try_emplace(name, std::move(shared)).second) {
      return fail(Code::conflict, "two shapes are called \"" + name + "\"; each $id must be its own");
    }
  }
  return shapes;
}

} // namespace plugboard::json
