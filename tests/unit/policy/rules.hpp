// Policies written as in a configuration, over two shapes and a section that knows none of its fields.
#pragma once

#include "core/json/document.hpp"
#include "core/policy/check_rules.hpp"
#include "core/policy/redact.hpp"
#include "core/policy/sight.hpp"

#include <gtest/gtest.h>

namespace plugboard::policy::testing {

constexpr std::string_view kContact = R"({"$id": "contact/v1", "type": "object", "required": ["id"], "properties": {
  "id": {"type": "string"}, "name": {"type": "string"}, "born": {"type": "string", "format": "date"},
  "vip": {"type": "boolean"}, "score": {"type": "number"}, "secret": {"type": "string", "x-never": true},
  "emails": {"type": "array", "items": {"type": "object", "properties": {
    "address": {"type": "string"}, "kind": {"type": "string"}}}},
  "tags": {"type": "array", "items": {"type": "string"}},
  "address": {"type": "object", "properties": {"city": {"type": "string"}, "street": {"type": "string"}}},
  "labels": {"type": "object", "additionalProperties": {"type": "string"}},
  "extra": {"type": "object"},
  "iban": {"type": "string"}}})";
constexpr std::string_view kPayments = R"({"$id": "payments/v1", "type": "object", "properties": {
  "payments": {"type": "array", "items": {"type": "object", "properties": {
    "card": {"type": "string", "x-classification": "payment"}, "amount": {"type": "integer"}}}}}})";
constexpr std::string_view kRecord = R"({"$id": "record/v1", "type": "object", "additionalProperties": true})";

// 0 crm.contact, 1 shop.payments (aal2), 2 misc.record
inline std::vector<PolicySection> sections() {
  static const auto shapes = json::compile_shapes({kContact, kPayments, kRecord}).value();
  return {{"crm.contact", Assurance::aal1, shapes.at("contact/v1")},
          {"shop.payments", Assurance::aal2, shapes.at("payments/v1")},
          {"misc.record", Assurance::aal1, shapes.at("record/v1")}};
}

inline std::vector<Rule> rules_of(const std::string& list, std::vector<json::Fault>& faults) {
  const auto document = json::read_document(R"({"rules": )" + list + "}", true);
  EXPECT_TRUE(document.faults.empty()) << list;
  return read_rules(document.tree, faults);
}

inline PolicyPtr policy_of(const std::string& list) {
  std::vector<json::Fault> faults;
  auto rules = rules_of(list, faults);
  EXPECT_TRUE(faults.empty());
  return std::make_shared<const Policy>(sections(), std::move(rules),
                                        std::make_shared<const Pseudonyms>("k1", Secret(std::string(32, 'k'))));
}

inline Asker asker(Assurance assurance = Assurance::aal1, Duration ago = {}, std::string_view purpose = "support") {
  static const std::vector<std::string> kAll{"*"};
  return {"default", "desk", "chat", purpose, &kAll, Standing::of(assurance, ago)};
}

// What leaves of these bytes; "" when nothing may.
inline std::string left(const View& view, std::string_view data) {
  std::string out, again, clean;
  if (!append_redacted(out, view, data, false)) return "";
  if (!may_hold_account_number(data)) {
    EXPECT_TRUE(append_redacted(clean, view, data, true));
    EXPECT_EQ(clean, out) << data;
  }
  return out;
}

inline std::string left(const std::string& rules, std::string_view data, std::size_t section = 0,
                        const Asker& who = asker()) {
  return left(policy_of(rules)->view(who, section), data);
}

} // namespace plugboard::policy::testing
