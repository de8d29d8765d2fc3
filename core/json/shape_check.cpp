#include "core/json/shape_check.hpp"

#include "core/base/clock.hpp"
#include "core/json/pointer.hpp"
#include "core/json/tape.hpp"
#include "core/json/writer.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::json {
namespace {

using Element = simdjson::dom::element;
using ElementType = simdjson::dom::element_type;
using Kind = Tape::Kind;

// Where we are: a chain on the stack, made a pointer only when there is a fault to report.
struct Step {
  const Step* before;
  std::string_view key; // of a member
  std::size_t index;    // of an element
  bool in_array;
};

std::string pointer_of(const Step* step) {
  if (step == nullptr) return "";
  return pointer_append(pointer_of(step->before),
                        step->in_array ? std::to_string(step->index) : std::string(step->key));
}

std::size_t characters(std::string_view text) { // of valid UTF-8
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_email(std::string_view text) {
  const std::size_t at = text.rfind('@');
  const bool visible =
      std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; });
  return visible && at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 254;
}

std::string_view format_fault(ShapeNode::Format format, std::string_view text) {
  switch (format) {
  case ShapeNode::Format::none:
    return {};
  case ShapeNode::Format::date_time:
    return parse_rfc3339(text) ? "" : "must be a time with its offset (RFC 3339)";
  case ShapeNode::Format::date:
    return text.size() == 10 && parse_rfc3339(std::string(text) + "T00:00:00Z") ? "" : "must be a date (YYYY-MM-DD)";
  case ShapeNode::Format::email:
    return is_email(text) ? "" : "must be an e-mail address";
  }
  return {};
}

long double number_at(const Tape& tape, std::size_t at) {
  switch (tape.kind(at)) {
  case Kind::INT64:
    return static_cast<long double>(tape.number<std::int64_t>(at));
  case Kind::UINT64:
    return static_cast<long double>(tape.number<std::uint64_t>(at));
  default:
    return static_cast<long double>(tape.number<double>(at));
  }
}

Type type_of(Kind kind) {
  switch (kind) {
  case Kind::START_OBJECT:
    return Type::object;
  case Kind::START_ARRAY:
    return Type::array;
  case Kind::STRING:
    return Type::string;
  case Kind::INT64:
  case Kind::UINT64:
    return Type::integer;
  case Kind::DOUBLE:
    return Type::real;
  case Kind::TRUE_VALUE:
  case Kind::FALSE_VALUE:
    return Type::boolean;
  default:
    return Type::null;
  }
}

struct Equals { // is the constant what stands there?
  const Tape& tape;
  std::size_t at;

  bool operator()(std::nullptr_t) const { return tape.kind(at) == Kind::NULL_VALUE; }

  bool operator()(bool constant) const { return tape.kind(at) == (constant ? Kind::TRUE_VALUE : Kind::FALSE_VALUE); }

  bool operator()(const std::string& constant) const {
    return tape.kind(at) == Kind::STRING && tape.string(at) == constant;
  }

  bool operator()(std::int64_t constant) const { return is_number(static_cast<long double>(constant)); }

  bool operator()(double constant) const { return is_number(static_cast<long double>(constant)); }

  bool is_number(long double constant) const {
    const Type type = type_of(tape.kind(at));
    return (type == Type::integer || type == Type::real) && number_at(tape, at) == constant;
  }
};

class Check { // of one value; recurses no deeper than the reader's limit of depth
 public:
  explicit Check(const Tape& tape) : tape_(tape) {}

  bool value(const ShapeNode& node, std::size_t at, const Step* step) {
    const Type type = type_of(tape_.kind(at));
    if (node.types != 0 && (node.types & ShapeNode::bit(type)) == 0) return refuse(step, "must be " + node.want);
    if (!node.allowed.empty() && !is_allowed(node, at)) {
      return refuse(step, "is none of the values that the shape lists");
    }
    switch (type) {
    case Type::object:
      return object(node, at, step);
    case Type::array:
      return array(node, at, step);
    case Type::string:
      return string(node, tape_.string(at), step);
    case Type::integer:
    case Type::real:
      return number(node, at, step);
    default:
      return true;
    }
  }

  std::size_t dropped() const { return dropped_; }

  Error error() const { return fail(Code::malformed, error_); }

 private:
  bool refuse(const Step* step, std::string_view why) {
    error_ = pointer_of(step);
    error_.append(error_.empty() ? "" : ": ").append(why);
    return false;
  }

  bool is_allowed(const ShapeNode& node, std::size_t at) const {
    const Equals equals{tape_, at};
    return std::any_of(node.allowed.begin(), node.allowed.end(),
                       [&](const ShapeConstant& constant) { return std::visit(equals, constant); });
  }

  bool number(const ShapeNode& node, std::size_t at, const Step* step) {
    if (node.minimum && number_at(tape_, at) < *node.minimum) return refuse(step, "is below the shape's minimum");
    if (node.maximum && number_at(tape_, at) > *node.maximum) return refuse(step, "is above the shape's maximum");
    return true;
  }

  bool string(const ShapeNode& node, std::string_view text, const Step* step) {
    if (node.min_length && characters(text) < *node.min_length) {
      return refuse(step, "must have at least " + std::to_string(*node.min_length) + " characters");
    }
    if (node.max_length && text.size() > *node.max_length && characters(text) > *node.max_length) {
      return refuse(step, "must have at most " + std::to_string(*node.max_length) + " characters");
    }
    const std::string_view fault = format_fault(node.format, text);
    return fault.empty() || refuse(step, fault);
  }

  bool array(const ShapeNode& node, std::size_t begin, const Step* step) {
    if (node.items == nullptr && !node.max_items) return true;
    std::size_t index = 0;
    const auto end = tape_.end(begin) - 1; // of it: the closing word
    for (auto at = begin + 1; at < end; at = tape_.after(at)) {
      if (node.max_items && index == *node.max_items) {
        return refuse(step, "must have at most " + std::to_string(*node.max_items) + " elements");
      }
      const Step here{step, {}, index++, true};
      if (node.items != nullptr && !value(*node.items, at, &here)) return false;
    }
    return true;
  }

  bool object(const ShapeNode& node, std::size_t begin, const Step* step) {
    std::size_t required = 0;
    const auto end = tape_.end(begin) - 1;
    for (auto at = begin + 1; at < end; at = tape_.after(at + 1)) {
      const Step here{step, tape_.string(at), 0, false};
      const ShapeProperty* property = node.property(here.key);
      if (property != nullptr && property->required) ++required;
      if (!member(node, property, at + 1, here)) return false;
    }
    // No key comes twice, the reader has seen to that: the numbers being equal means that all are there.
    return required == node.required || refuse(step, missing(node, begin));
  }

  bool member(const ShapeNode& node, const ShapeProperty* property, std::size_t at, const Step& here) {
    const ShapeNode* rule = property != nullptr ? property->node : node.other;
    if (rule != nullptr && rule->never) {
      ++dropped_;
      return true;
    }
    if (rule != nullptr) return value(*rule, at, &here);
    if (node.others == ShapeNode::Others::refuse) return refuse(&here, "is not a member that the shape knows");
    if (node.others == ShapeNode::Others::cut) ++dropped_;
    return true;
  }

  bool has(std::size_t begin, std::string_view name) const {
    const auto end = tape_.end(begin) - 1;
    for (auto at = begin + 1; at < end; at = tape_.after(at + 1))
      if (tape_.string(at) == name) return true;
    return false;
  }

  std::string missing(const ShapeNode& node, std::size_t begin) const {
    for (const ShapeProperty& property : node.properties) {
      if (property.required && !has(begin, property.name)) {
        return "required member \"" + property.name + "\" is missing";
      }
    }
    return "a required member is missing";
  }

  const Tape tape_;
  std::size_t dropped_ = 0;
  std::string error_;
};

// Writes again what the shape lets through. A null node lets everything through.
class Cut {
 public:
  explicit Cut(std::string& out) : writer_(out) {}

  void value(const ShapeNode* node, const Element& element) {
    switch (element.type()) {
    case ElementType::OBJECT:
      object(node, element);
      return;
    case ElementType::ARRAY:
      writer_.begin_array();
      for (const Element inner : simdjson::dom::array(element)) value(node != nullptr ? node->items : nullptr, inner);
      writer_.end_array();
      return;
    case ElementType::STRING:
      writer_.value(std::string_view(element));
      return;
    case ElementType::INT64:
      writer_.value(std::int64_t(element));
      return;
    case ElementType::UINT64:
      writer_.value(std::size_t(std::uint64_t(element)));
      return;
    case ElementType::DOUBLE:
      writer_.value(double(element));
      return;
    case ElementType::BOOL:
      writer_.value(bool(element));
      return;
    case ElementType::NULL_VALUE:
      writer_.null();
      return;
    }
  }

 private:
  void object(const ShapeNode* node, const simdjson::dom::object& object) {
    writer_.begin_object();
    for (const auto& [key, element] : object) {
      const ShapeProperty* property = node != nullptr ? node->property(key) : nullptr;
      const ShapeNode* rule = property != nullptr ? property->node : node != nullptr ? node->other : nullptr;
      const bool unknown = node != nullptr && rule == nullptr && node->others == ShapeNode::Others::cut;
      if (unknown || (rule != nullptr && rule->never)) continue;
      writer_.key(key);
      value(rule, element);
    }
    writer_.end_object();
  }

  Writer writer_;
};

} // namespace

std::size_t ShapeNode::slot_of(std::string_view name) {
  if (name.empty()) return 0;
  const auto first = static_cast<unsigned char>(name.front());
  const auto middle = static_cast<unsigned char>(name[name.size() / 2]);
  const auto last = static_cast<unsigned char>(name.back());
  return (name.size() * 7 + first * 31U + middle * 17U + last * 5U) % 64;
}

void ShapeNode::index_properties() {
  slots_ = {};
  for (std::size_t i = 0; i < properties.size(); ++i)
    properties[i].next =
        std::exchange(slots_[slot_of(properties[i].name)], static_cast<std::uint16_t>(i + 1)); // a schema has fewer
}

const ShapeProperty* ShapeNode::property(std::string_view name) const {
  for (auto place = slots_[slot_of(name)]; place != 0; place = properties[place - 1U].next)
    if (properties[place - 1U].name == name) return &properties[place - 1U];
  return nullptr;
}

Result<std::size_t> check_shape(const ShapeNode& node, Value value) {
  if (!value.found()) return fail(Code::malformed, "there is no value");
  std::size_t at = 0;
  Check check(Tape::of(value.element(), at));
  if (!check.value(node, at, nullptr)) return check.error();
  return check.dropped();
}

std::string cut_to_shape(const ShapeNode& node, Value value) {
  std::string text;
  Cut(text).value(&node, value.element());
  return text;
}

} // namespace plugboard::json
