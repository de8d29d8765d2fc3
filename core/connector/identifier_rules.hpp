// What may stand for a customer, and in which form: values that systems write when they mean nobody never become an
// identifier, whoever brings them (a plugin, a proof, a client that vouches); what has a form of its own is brought
// into it before anybody compares. One a generation, shared. [immutable: any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/identifier_types.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

enum class Unfit : std::uint8_t {
  nobody = 1, // "null", "n/a", blank: asking another system with it would find somebody
  malformed,  // not of its type's form, too long for it, or with control characters
};

class IdentifierRules {
 public:
  // blocked: the operator's own, besides those that everybody means: "*" stands for any characters, case does not
  // count.
  explicit IdentifierRules(std::vector<std::string> blocked = {});

  // The value as it is carried on: trimmed; a phone number in E.164. type: resolved, "email" or "crm.rep".
  boost::system::result<std::string, Unfit> taken(std::string_view type, std::string_view value) const;

  bool stands_for_nobody(std::string_view value) const;

  // Two taken values are the same customer's when these are equal.
  std::string compared(std::string_view type, std::string_view taken) const;

 private:
  IdentifierTypes types_;
  std::vector<std::string> blocked_; // lower case
};

// "+46 (70) 123-45 67", "0046701234567" → "+46701234567"; "" for what is no number with its country.
std::string e164(std::string_view text);

} // namespace plugboard::connector
