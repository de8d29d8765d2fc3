#include "core/json/shape_compile.hpp"

#include "core/json/pointer.hpp"
#include "core/json/schema_lint.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace plugboard::json {
namespace {

using Value = TreeValue;

// Words for people and for other rooms; nothing to check. The x- words that change what is let through are read below.
constexpr std::array<std::string_view, 13> kAnnotations = {
    "$schema",  "$id",        "$comment",         "$defs",   "title",       "default", "description",
    "examples", "deprecated", "x-classification", "x-never", "x-untrusted", "x-rows"};
constexpr std::array<std::string_view, 4> kClassifications = {"personal", "payment", "freetext", "technical"};

struct TypeName {
  std::string_view name, words;
  unsigned bits;
};

constexpr std::array<TypeName, 7> kTypes = {{
    {"null", "null", ShapeNode::bit(Type::null)},
    {"boolean", "true or false", ShapeNode::bit(Type::boolean)},
    {"integer", "an integer", ShapeNode::bit(Type::integer)},
    {"number", "a number", ShapeNode::bit(Type::integer) | ShapeNode::bit(Type::real)},
    {"string", "a string", ShapeNode::bit(Type::string)},
    {"array", "an array", ShapeNode::bit(Type::array)},
    {"object", "an object", ShapeNode::bit(Type::object)},
}};

template <class List>
bool is_among(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_true(const Value* value) {
  return value != nullptr && value->IsTrue();
}

class Compiler {
 public:
  Compiler(const Value& root, ShapeTree& tree) : root_(root), tree_(tree) {}

  Result<void> run() {
    const Value* name = member(root_, "$id");
    if (name == nullptr || text_of(*name).empty())
      refuse("", "a shape needs its name as $id, such as \"contact/v1\"");
    else
      tree_.name = text_of(*name);
    tree_.root = node(root_, "");
    if (!fault_) never_only_at_members();
    if (!fault_) rows();
    if (!fault_) untrusted(root_, "");
    if (fault_) return *fault_;
    return {};
  }

 private:
  void refuse(const std::string& pointer, std::string_view why) {
    if (!fault_) fault_ = fail(Code::invalid_argument, (pointer.empty() ? "" : pointer + ": ") + std::string(why));
  }

  // Elsewhere nothing would cut it out.
  void never_only_at_members() {
    const auto holds_never = [](const ShapeNode& node) { return node.items != nullptr && node.items->never; };
    if (tree_.root->never || std::any_of(tree_.nodes.begin(), tree_.nodes.end(), holds_never))
      refuse("", "x-never may stand at a member only: put it at the member that holds the list, or the whole");
  }

  const ShapeNode* node(const Value& schema, const std::string& pointer) {
    if (schema.IsTrue()) return &tree_.nodes.emplace_back();
    if (!schema.IsObject()) {
      refuse(pointer, "must be a schema: an object, or true");
      return &tree_.nodes.emplace_back();
    }
    if (const Value* reference = member(schema, "$ref")) return referred(schema, *reference, pointer);
    ShapeNode& made = tree_.nodes.emplace_back();
    fill(made, schema, pointer);
    return &made;
  }

  // The node of the definition itself, made once, so that a shape may refer to itself.
  const ShapeNode* referred(const Value& schema, const Value& reference, const std::string& pointer) {
    for (const auto& entry : schema.GetObject()) {
      const std::string_view word = text_of(entry.name);
      if (word == "$ref" || is_among(kAnnotations, word))
        annotation(word, entry.value, pointer_append(pointer, word));
      else
        refuse(pointer_append(pointer, word), "may not stand beside $ref");
    }
    const Value* target = resolve(root_, reference);
    if (target == nullptr || member(*target, "$ref") != nullptr) {
      refuse(pointer, "$ref must name a schema that is there and is no $ref itself, such as #/$defs/money");
      return &tree_.nodes.emplace_back();
    }
    if (is_true(member(schema, "x-never"))) {
      ShapeNode& removed = tree_.nodes.emplace_back();
      removed.never = true;
      return &removed;
    }
    const auto [known, fresh] = definitions_.try_emplace(target, nullptr);
    if (fresh) {
      ShapeNode& made = tree_.nodes.emplace_back();
      known->second = &made;
      if (target->IsObject())
        fill(made, *target, std::string(text_of(reference).substr(1)));
      else if (!target->IsTrue())
        refuse(pointer, "$ref must name a schema that is an object, or true");
    }
    return known->second;
  }

  void fill(ShapeNode& made, const Value& schema, const std::string& pointer) {
    for (const auto& entry : schema.GetObject()) {
      const std::string_view word = text_of(entry.name);
      keyword(made, word, entry.value, pointer_append(pointer, word));
    }
    made.never = is_true(member(schema, "x-never"));
    if (const Value* what = member(schema, "x-classification")) made.payment = text_of(*what) == "payment";
    if (const Value* properties = member(schema, "properties")) properties_of(made, *properties, pointer);
    required(made, schema, pointer);
    others(made, schema, pointer);
  }

  void keyword(ShapeNode& made, std::string_view word, const Value& value, const std::string& at) {
    if (word == "type")
      types(made, value, at);
    else if (word == "enum")
      constants(made, value, at);
    else if (word == "const")
      constant(made, value, at);
    else if (word == "minimum")
      made.minimum = limit(value, at);
    else if (word == "maximum")
      made.maximum = limit(value, at);
    else if (word == "minLength")
      made.min_length = count(value, at);
    else if (word == "maxLength")
      made.max_length = count(value, at);
    else if (word == "maxItems")
      made.max_items = count(value, at);
    else if (word == "format")
      made.format = format(value, at);
    else if (word == "items")
      made.items = node(value, at);
    else if (is_among(kAnnotations, word))
      annotation(word, value, at);
    else if (word != "properties" && word != "required" && word != "additionalProperties") {
      refuse(at, "this keyword is not enforced for shapes, so it may not be used");
    }
  }

  void annotation(std::string_view word, const Value& value, const std::string& at) {
    if ((word == "x-never" || word == "x-untrusted") && !value.IsBool()) refuse(at, "must be true or false");
    if (word == "x-classification" && !is_among(kClassifications, text_of(value))) {
      refuse(at, "must be personal, payment, freetext or technical");
    }
    if (word == "x-rows" && at != "/x-rows") refuse(at, "stands in the root only, as a JSON Pointer to the array");
  }

  void types(ShapeNode& made, const Value& value, const std::string& at) {
    const auto add = [&](const Value& name) {
      const auto* type =
          std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeName& t) { return t.name == text_of(name); });
      if (type == kTypes.end()) return refuse(at, "must be a type's name or a list of them");
      made.types |= type->bits;
      made.want.append(made.want.empty() ? "" : " or ").append(type->words);
    };
    if (!value.IsArray())
      add(value);
    else
      for (const Value& name : value.GetArray()) add(name);
  }

  void constants(ShapeNode& made, const Value& values, const std::string& at) {
    if (!values.IsArray() || values.Empty()) return refuse(at, "must be a list of values");
    for (const Value& value : values.GetArray()) constant(made, value, at);
  }

  void constant(ShapeNode& made, const Value& value, const std::string& at) {
    if (value.IsNull())
      made.allowed.emplace_back(nullptr);
    else if (value.IsBool())
      made.allowed.emplace_back(value.GetBool());
    else if (value.IsInt64())
      made.allowed.emplace_back(value.GetInt64());
    else if (value.IsNumber())
      made.allowed.emplace_back(value.GetDouble());
    else if (value.IsString())
      made.allowed.emplace_back(std::string(text_of(value)));
    else
      refuse(at, "only null, booleans, numbers and strings can be compared here");
  }

  std::optional<long double> limit(const Value& value, const std::string& at) {
    if (value.IsInt64()) return static_cast<long double>(value.GetInt64());
    if (value.IsUint64()) return static_cast<long double>(value.GetUint64());
    if (value.IsDouble()) return static_cast<long double>(value.GetDouble());
    refuse(at, "must be a number");
    return std::nullopt;
  }

  std::optional<std::size_t> count(const Value& value, const std::string& at) {
    if (value.IsUint()) return value.GetUint();
    refuse(at, "must be an integer, 0 or more");
    return std::nullopt;
  }

  ShapeNode::Format format(const Value& value, const std::string& at) {
    if (text_of(value) == "date-time") return ShapeNode::Format::date_time;
    if (text_of(value) == "date") return ShapeNode::Format::date;
    if (text_of(value) == "email") return ShapeNode::Format::email;
    refuse(at, "only date-time, date and email are enforced here");
    return ShapeNode::Format::none;
  }

  void properties_of(ShapeNode& made, const Value& properties, const std::string& pointer) {
    const std::string at = pointer + "/properties";
    if (!properties.IsObject()) return refuse(at, "must be an object of schemas");
    for (const auto& entry : properties.GetObject()) {
      const std::string_view name = text_of(entry.name);
      made.properties.push_back({std::string(name), node(entry.value, pointer_append(at, name)), false});
    }
    std::sort(made.properties.begin(), made.properties.end(),
              [](const ShapeProperty& a, const ShapeProperty& b) { return comes_before(a.name, b.name); });
    made.index_properties();
  }

  void required(ShapeNode& made, const Value& schema, const std::string& pointer) {
    const Value* names = member(schema, "required");
    if (names == nullptr) return;
    if (!names->IsArray()) return refuse(pointer + "/required", "must be a list of strings");
    for (const Value& name : names->GetArray()) {
      auto* property = const_cast<ShapeProperty*>(made.property(text_of(name)));
      if (property == nullptr || property->node->never) {
        return refuse(pointer + "/required",
                      "\"" + std::string(text_of(name)) + "\" is always cut out, so nothing can bring it");
      }
      if (!std::exchange(property->required, true)) ++made.required;
    }
  }

  void others(ShapeNode& made, const Value& schema, const std::string& pointer) {
    const Value* others = member(schema, "additionalProperties");
    if (others == nullptr) {
      made.others = member(schema, "properties") != nullptr ? ShapeNode::Others::cut : ShapeNode::Others::pass;
    } else if (others->IsBool()) {
      made.others = others->GetBool() ? ShapeNode::Others::pass : ShapeNode::Others::refuse;
    } else {
      made.others = ShapeNode::Others::check;
      made.other = node(*others, pointer + "/additionalProperties");
    }
  }

  void rows() {
    const Value* rows = member(root_, "x-rows");
    if (rows == nullptr) return;
    const auto tokens = pointer_tokens(text_of(*rows));
    const ShapeNode* place = tokens && !tokens->empty() ? tree_.root : nullptr;
    for (std::size_t i = 0; place != nullptr && i < tokens->size(); ++i) {
      const ShapeProperty* property = place->property((*tokens)[i]);
      place = property == nullptr ? nullptr : property->node;
    }
    if (place == nullptr || place->types != ShapeNode::bit(Type::array)) {
      return refuse("/x-rows", "must be the JSON Pointer of an array in this shape, such as \"/orders\"");
    }
    tree_.rows = text_of(*rows);
  }

  void untrusted(const Value& schema, const std::string& pointer) {
    if (fault_ || !schema.IsObject() || is_true(member(schema, "x-never"))) return;
    if (is_true(member(schema, "x-untrusted")) && !is_among(tree_.untrusted, pointer))
      tree_.untrusted.push_back(pointer);
    if (const Value* reference = member(schema, "$ref")) return untrusted_in(*resolve(root_, *reference), pointer);
    if (const Value* properties = member(schema, "properties")) {
      for (const auto& entry : properties->GetObject())
        untrusted(entry.value, pointer_append(pointer, text_of(entry.name)));
    }
    for (const char* each : {"items", "additionalProperties"}) {
      if (const Value* element = member(schema, each)) untrusted(*element, pointer + "/*");
    }
  }

  void untrusted_in(const Value& definition, const std::string& pointer) {
    if (std::find(path_.begin(), path_.end(), &definition) != path_.end()) {
      // At any depth, so that no list of pointers could name all the places; and unlabelled it may not leave.
      if (says_untrusted(definition))
        refuse("/$defs", "text marked x-untrusted may not stand in a schema that contains itself");
      return;
    }
    path_.push_back(&definition);
    untrusted(definition, pointer);
    path_.pop_back();
  }

  bool says_untrusted(const Value& value) const {
    if (value.IsArray())
      return std::any_of(value.Begin(), value.End(), [this](const Value& v) { return says_untrusted(v); });
    if (!value.IsObject()) return false;
    return is_true(member(value, "x-untrusted")) ||
           std::any_of(value.MemberBegin(), value.MemberEnd(),
                       [this](const auto& entry) { return says_untrusted(entry.value); });
  }

  const Value& root_;
  ShapeTree& tree_;
  std::map<const Value*, const ShapeNode*> definitions_;
  std::vector<const Value*> path_; // definitions that untrusted() is inside of
  std::optional<Error> fault_;
};

} // namespace

Result<void> compile_shape(const TreeValue& schema, ShapeTree& tree) {
  return Compiler(schema, tree).run();
}

} // namespace plugboard::json
