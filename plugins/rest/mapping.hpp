// The way from a system's answer to a section's shape: a template of the section whose leaves are JSON Pointers into
// the answer, constants, joins and loops. Compiled at create, immutable after; apply() on any thread.
#pragma once

#include "plugins/rest/conversion.hpp"

#include <memory>
#include <variant>

namespace plugboard::rest {

struct Misfit {
  std::string pointer, reason; // where in the answer, and what is wrong there
};

// Nothing was there; a value; or what was there does not fit.
using Outcome = std::variant<std::monostate, Value, Misfit>;

class ObjectMap;
class Rule;

struct From { // what stands there, converted
  Pointer pointer;
  Conversion conversion;
};

struct Join { // scalars as one string; what is missing or empty is passed over
  std::vector<Pointer> parts;
  std::string with;
};

struct Each { // an array, element by element: as one value each, or as an object each
  Pointer pointer;
  std::shared_ptr<const Rule> item;
  std::shared_ptr<const ObjectMap> map;
};

// Where one member's value comes from.
class Rule {
 public:
  using Source = std::variant<Value, From, Join, Each>; // Value: a constant

  explicit Rule(Source source, std::optional<Value> otherwise = std::nullopt)
      : source_(std::move(source)), default_(std::move(otherwise)) {}

  Outcome apply(const Value& answer) const;

  bool is_constant() const { return std::holds_alternative<Value>(source_); }

 private:
  Source source_;
  std::optional<Value> default_; // when there was nothing
};

// Members in the order of the configuration.
class ObjectMap {
 public:
  // path: names with dots between. False: something is there already that this would replace or be part of.
  bool add(std::string_view path, Rule rule);
  // An inner object for which the answer had nothing is itself nothing: no amount without a figure only because its
  // currency is a constant. The outermost is always an object.
  Outcome apply(const Value& answer) const;

 private:
  struct Member {
    std::string name;
    std::optional<Rule> rule;         // either this
    std::shared_ptr<ObjectMap> inner; // or this
  };

  bool is_constant() const;
  Outcome apply_member(const Member& member, const Value& answer) const;
  // Adds what was found; true when any of it came from the answer or from a default.
  std::variant<bool, Misfit> fill(const Value& answer, Value& object) const;

  std::vector<Member> members_;
};

// Reads the "mapping" of a section, or the "map" of a loop: an object.
ObjectMap read_mapping(const Value& config, std::string_view pointer, Problems& problems);

} // namespace plugboard::rest
