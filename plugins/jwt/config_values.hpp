// The kinds of values in the configuration of what checks tokens, each read with its JSON Pointer in hand. All throw
// std::invalid_argument with the pointer and a sentence. [init]
#pragma once

#include "plugins/jwt/algorithm.hpp"
#include "plugins/jwt/assurance.hpp"
#include "plugins/jwt/identifier_rule.hpp"

#include <functional>
#include <string>
#include <vector>

namespace jwt::config {

using ReadValue = std::function<void(const Value& value, const std::string& where)>;

[[noreturn]] void fail(const std::string& where, const std::string& what);
void with(const Value& object, const char* name, const std::string& at, const ReadValue& read); // when it is there

std::string text(const Value& value, const std::string& where);               // not empty
std::vector<std::string> texts(const Value& value, const std::string& where); // one, or a list
std::int64_t seconds(const Value& value, const std::string& where);
bool truth(const Value& value, const std::string& where);
std::string secret(const Value& value, const std::string& where); // its handle
ClaimPath claim(const Value& value, const std::string& where);
AssuranceRules assurance(const Value& object, const std::string& at);
std::vector<Algorithm> algorithms(const Value& value, const std::string& where); // public keys' only
std::vector<IdentifierRule> identifiers(const Value& value, const std::string& where);

} // namespace jwt::config
