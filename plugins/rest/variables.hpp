// What a template may name between braces, and what it stands for in one call: {customer_id}, {params.limit},
// {language}, {tenant}. Variables views its request and lives during lookup().
#pragma once

#include "plugins/rest/problems.hpp"

#include <plugboard/request.hpp>

namespace plugboard::rest {

struct Variable {
  enum class Source : std::uint8_t { identifier = 1, param, language, tenant };

  Source source = Source::identifier;
  std::string name; // of the identifier or parameter

  // "customer_id", "params.limit", …: without the braces. Nothing when it is none.
  static std::optional<Variable> parse(std::string_view text);
  std::string written() const; // with the braces
};

// What templates of one section may use: the identifiers that its `needs` name.
struct Vocabulary {
  std::vector<std::string> identifiers;

  // Reads {…} and adds to the problems when it is no variable or none of this section.
  std::optional<Variable> read(std::string_view between_braces, std::string_view at, Problems& problems) const;
};

class Variables {
 public:
  // The failure says that the parameters are no JSON object.
  static Result<Variables> of(const Request& request);

  // A scalar. Nothing when the call does not have it: no such parameter (or null), no such identifier (or empty), no
  // language. The failure: the parameter is an array or an object.
  Result<std::optional<Value>> find(const Variable& variable) const;
  Result<std::optional<std::string_view>> text(const Variable& variable) const; // the same as text, not copied

 private:
  Variables(const Request& request, Value params) : request_(&request), params_(std::move(params)) {}

  Result<const Value*> param(const Variable& variable) const; // null: not given
  std::string_view of_call(const Variable& variable) const;   // what is no parameter; empty: not known

  const Request* request_;
  Value params_;
};

} // namespace plugboard::rest
