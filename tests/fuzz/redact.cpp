// What a system answered, on its way out through a policy: first line the rules as the configuration writes them,
// second line which shape, then the bytes. Whatever they are, the redactor stays within them; of what the strict reader
// passes what leaves is sound, holds no account number and nothing that was not there, and stays as it is when redacted
// again.
#include "core/policy/redact.hpp"
#include "core/base/account_numbers.hpp"
#include "core/connector/published_shapes.hpp"
#include "core/json/account_numbers.hpp"
#include "core/json/reader.hpp"
#include "core/policy/policy.hpp"
#include "tests/fuzz/target.hpp"

namespace plugboard::fuzz {
namespace {

policy::View view_of(std::string_view rules, std::string_view shape) {
  static const json::Shapes shapes = connector::published_shapes();
  static const std::vector<std::string> kAll{"*"};
  const auto found = shapes.find(shape);
  std::vector<json::Fault> faults;
  const auto document = json::read_document(rules, false);
  std::optional<std::vector<policy::Rule>> read;
  if (document.tree.IsObject()) read = policy::read_rules(document.tree, faults);
  const policy::Policy made({{"crm.contact", Assurance::aal1, found == shapes.end() ? nullptr : found->second}},
                            std::move(read),
                            std::make_shared<policy::Pseudonyms>("k1", Secret("32 bytes, as a key of the hub has")));
  return made.view({"default", "desk", "chat", "support", &kAll, policy::Standing::of(Assurance::aal1)}, 0);
}

// Every name and value of `part` stands at its place in `whole`, but for texts, which may be masked.
bool is_within(json::Value part, json::Value whole) {
  bool within = true;
  if (part.is_object()) {
    part.each_member([&](std::string_view key, json::Value value) {
      within = within && whole[key].found() && is_within(value, whole[key]);
    });
    return within && whole.is_object();
  }
  if (part.is_array()) return whole.is_array() && part.size() <= whole.size();
  return part.is_string() || json::to_text(part) == json::to_text(whole);
}

} // namespace

void fuzz(std::string_view input) {
  const auto rules = take_line(input), shape = take_line(input);
  const auto view = view_of(rules, shape);
  std::string out = "before";
  const bool could = policy::append_redacted(out, view, input, false);
  if (!could) require(out == "before", "what can't be told adds nothing");
  json::Reader reader;
  const auto whole = reader.read(input);
  if (!whole || !whole->is_object()) return;
  require(could == (view.verdict == policy::Verdict::allowed), "what is sound can be redacted");
  if (!could) return;
  const auto left = out.substr(6);
  json::Reader second;
  const auto part = second.read(left);
  require(part.has_value() && part->is_object(), "what leaves is a sound object");
  require(!json::holds_account_number(*part, left), "what leaves holds no account number");
  require(is_within(*part, *whole), "what leaves was there");
  if (rules.find("hash") != std::string_view::npos) return; // another hash, of the hash
  std::string again;
  require(policy::append_redacted(again, view, left, false) && again == left, "what left stays as it is");
}

} // namespace plugboard::fuzz
