// A published JSON Schema, compiled: for configuration and manifests, off the way of a request. Keeps to the part of
// 2020-12 that valijson enforces; a schema that uses more is refused when compiled, never silently half-enforced.
#pragma once

#include "core/json/document.hpp"

#include <memory>

namespace plugboard::json {

class Schema {
 public:
  static Result<Schema> compile(std::string_view schema_text);
  Schema(Schema&&) noexcept;
  Schema& operator=(Schema&&) noexcept;
  ~Schema();
  // All faults, each with its pointer (below `at`) and a message for a person: "unknown member \"conectors\"; did you
  // mean \"connectors\"?", "must be a string", "required member \"listen\" is missing".
  std::vector<Fault> check(const TreeValue& value, std::string_view at = "") const;

 private:
  struct State;
  explicit Schema(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

} // namespace plugboard::json
