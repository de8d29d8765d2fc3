#include "core/json/shape_check.hpp"

#include "core/base/clock.hpp"
#include "core/json/pointer.hpp"
#include "core/json/writer.hpp"

#include <algorithm>

namespace plugboard::json {
namespace {

using Element = simdjson::dom::element;
using ElementType = simdjson::dom::element_type;

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

long double number_of(const Element& element) {
  switch (element.type()) {
  case ElementType::INT64:
    return static_cast<long double>(std::int64_t(element));
  case ElementType::UINT64:
    return static_cast<long double>(std::uint64_t(element));
  default:
    return static_cast<long double>(double(element));
  }
}

bool is_number(const Element& element) {
  return element.is_int64() || element.is_uint64() || element.is_double();
}

struct Equals { // is the constant this element?
  const Element& element;

  bool operator()(std::nullptr_t) const { return element.is_null(); }

  bool operator()(bool constant) const { return element.is_bool() && bool(element) == constant; }

  bool operator()(const std::string& constant) const {
    return element.is_string() && std::string_view(element) == constant;
  }

  bool operator()(std::int64_t constant) const {
    return is_number(element) && number_of(element) == static_cast<long double>(constant);
  }

  bool operator()(double constant) const {
    return is_number(element) && number_of(element) == static_cast<long double>(constant);
  }
};

class Check { // of one value; recurses no deeper than the reader's limit of depth
 public:
  bool value(const ShapeNode& node, const Element& element, const Step* step) {
    const Value view(element);
    if (node.types != 0 && (node.types & ShapeNode::bit(view.type())) == 0) return refuse(step, "must be " + node.want);
    const auto equals = [&](const ShapeConstant& constant) { return std::visit(Equals{element}, constant); };
    if (!node.allowed.empty() && std::none_of(node.allowed.begin(), node.allowed.end(), equals)) {
      return refuse(step, "is none of the values that the shape lists");
    }
    switch (element.type()) {
    case ElementType::OBJECT:
      return object(node, element, step);
    case ElementType::ARRAY:
      return array(node, element, step);
    case ElementType::STRING:
      return string(node, std::string_view(element), step);
    case ElementType::INT64:
    case ElementType::UINT64:
    case ElementType::DOUBLE:
      return number(node, number_of(element), step);
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

  bool number(const ShapeNode& node, long double number, const Step* step) {
    if (node.minimum && number < *node.minimum) return refuse(step, "is below the shape's minimum");
    if (node.maximum && number > *node.maximum) return refuse(step, "is above the shape's maximum");
    return true;
  }

  bool string(const ShapeNode& node, std::string_view text, const Step* step) {
    if (node.min_length && characters(text) < *node.min_length) {
      return refuse(step, "must have at least " + std::to_string(*node.min_length) + " characters");
    }
    if (node.max_length && characters(text) > *node.max_length) {
      return refuse(step, "must have at most " + std::to_string(*node.max_length) + " characters");
    }
    const std::string_view fault = format_fault(node.format, text);
    return fault.empty() || refuse(step, fault);
  }

  bool array(const ShapeNode& node, const simdjson::dom::array& array, const Step* step) {
    if (node.items == nullptr && !node.max_items) return true;
    std::size_t index = 0;
    for (const Element element : array) {
      if (node.max_items && index == *node.max_items) {
        return refuse(step, "must have at most " + std::to_string(*node.max_items) + " elements");
      }
      const Step here{step, {}, index++, true};
      if (node.items != nullptr && !value(*node.items, element, &here)) return false;
    }
    return true;
  }

  bool object(const ShapeNode& node, const simdjson::dom::object& object, const Step* step) {
    std::size_t required = 0;
    for (const auto& [key, element] : object) {
      const Step here{step, key, 0, false};
      const ShapeProperty* property = node.property(key);
      if (property != nullptr && property->required) ++required;
      if (!member(node, property, element, here)) return false;
    }
    // No key comes twice, the reader has seen to that: the numbers being equal means that all are there.
    return required == node.required || refuse(step, missing(node, object));
  }

  bool member(const ShapeNode& node, const ShapeProperty* property, const Element& element, const Step& here) {
    const ShapeNode* rule = property != nullptr ? property->node : node.other;
    if (rule != nullptr && rule->never) {
      ++dropped_;
      return true;
    }
    if (rule != nullptr) return value(*rule, element, &here);
    if (node.others == ShapeNode::Others::refuse) return refuse(&here, "is not a member that the shape knows");
    if (node.others == ShapeNode::Others::cut) ++dropped_;
    return true;
  }

  static std::string missing(const ShapeNode& node, const simdjson::dom::object& object) {
    for (const ShapeProperty& property : node.properties) {
      if (property.required && object.at_key(property.name).error() != simdjson::SUCCESS) {
        return "required member \"" + property.name + "\" is missing";
      }
    }
    return "a required member is missing";
  }

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

const ShapeProperty* ShapeNode::property(std::string_view key) const {
  const auto found = std::lower_bound(
      properties.begin(), properties.end(), key,
      [](const ShapeProperty& property, std::string_view name) { return comes_before(property.name, name); });
  return found != properties.end() && found->name == key ? &*found : nullptr;
}

Result<std::size_t> check_shape(const ShapeNode& node, Value value) {
  Check check;
  if (!value.found()) return fail(Code::malformed, "there is no value");
  if (!check.value(node, value.element(), nullptr)) return check.error();
  return check.dropped();
}

std::string cut_to_shape(const ShapeNode& node, Value value) {
  std::string text;
  Cut(text).value(&node, value.element());
  return text;
}

} // namespace plugboard::json
