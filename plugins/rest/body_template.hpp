// The body of a POST: JSON in which a string that is one variable and nothing else, "{customer_id}", stands for that
// value. All other strings are sent as they are, so a GraphQL query keeps its braces. Immutable;
// expand() on any thread.
#pragma once

#include "plugins/rest/variables.hpp"

namespace plugboard::rest {

class BodyTemplate {
 public:
  static BodyTemplate read(const Value& config, const Vocabulary& vocabulary, std::string_view at, Problems& problems);

  // JSON. A member or element whose variable has no value is left out; a number stays a number.
  Result<std::string> expand(const Variables& variables) const;
  std::vector<std::string> identifiers() const; // those it names

 private:
  explicit BodyTemplate(Value body) : body_(std::move(body)) {}

  Value body_;
};

} // namespace plugboard::rest
