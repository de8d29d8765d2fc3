#include "core/policy/explain.hpp"

#include "core/json/fields.hpp"
#include "core/json/pointer.hpp"
#include "core/json/writer.hpp"

#include <algorithm>

namespace plugboard::policy {

namespace {

std::string_view name_of(Misfit misfit) {
  switch (misfit) {
  case Misfit::none:
    return "";
  case Misfit::section:
    return "section";
  case Misfit::tenant:
    return "tenant";
  case Misfit::client:
    return "client";
  case Misfit::channel:
    return "channel";
  case Misfit::purpose:
    return "purpose";
  }
  return "";
}

void write_challenge(json::Writer& writer, std::string_view name, const Challenge& challenge) {
  writer.key(name).begin_object().member("assurance", name_of(challenge.assurance));
  if (challenge.max_age) writer.member("max_age_s", static_cast<std::int64_t>(challenge.max_age->count()));
  writer.end_object();
}

void write_rules(json::Writer& writer, const Policy& policy, const Asker& asker, std::size_t section) {
  writer.key("rules").begin_array();
  if (policy.has_rules())
    for (const auto& rule : policy.rules()) {
      const auto misfit = policy.misfit(rule, asker, section);
      writer.begin_object().member("rule", rule.pointer).member("applies", misfit == Misfit::none);
      if (misfit != Misfit::none) writer.member("because", "another " + std::string(name_of(misfit)));
      if (misfit == Misfit::none) {
        const auto challenge = rule.challenge(policy.sections()[section].floor);
        write_challenge(writer, "needs", challenge);
        writer.member("proved", asker.standing.meets(challenge));
      }
      writer.end_object();
    }
  writer.end_array();
}

void write_fields(json::Writer& writer, const Policy& policy, const std::vector<FieldRow>& rows) {
  writer.key("fields").begin_array();
  for (const auto& row : rows) {
    writer.begin_object().member("field", row.field).member("fate", name_of(row.fate));
    if (row.fate == FieldRow::Fate::masked) writer.member("mask", name_of(row.mask));
    if (row.fate != FieldRow::Fate::denied) write_challenge(writer, "needs", row.needed);
    writer.key("rules").begin_array();
    for (auto rule : row.rules) writer.value(policy.rules()[rule].pointer);
    writer.end_array().end_object();
  }
  writer.end_array();
}

std::string word_of(const FieldRow& row) {
  return std::string(row.fate == FieldRow::Fate::masked ? name_of(row.mask) : name_of(row.fate));
}

// How many tokens two pointers have in common, * standing for any; none: they part.
bool agree(const std::vector<std::string>& a, const std::vector<std::string>& b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (a[i] != b[i] && a[i] != "*" && b[i] != "*") return false;
  return true;
}

class Testing {
 public:
  Testing(const Policy& policy, const FindClient& find, json::Writer& writer)
      : policy_(policy), find_(find), writer_(writer) {}

  Result<bool> holds(json::Value value, const std::string& pointer) {
    json::Fields fields(value, pointer);
    const std::string tenant(fields.string("tenant").value_or("default"));
    const std::string client(fields.required_string("client"));
    const auto purpose = fields.string("purpose");
    const auto assurance = parse_assurance(fields.required_string("assurance"));
    const auto age = fields.integer("age_s", 0, 31'536'000).value_or(0);
    const std::string name(fields.required_string("section"));
    const auto verdict = fields.string("verdict");
    const auto expected = fields.object("fields");
    if (!assurance) fields.refuse("assurance", "must be none, asserted, aal1, aal2 or aal3");
    const auto named = find_(tenant, client);
    if (!named) fields.refuse("client", "there is no such client");
    if (auto read = fields.finish(); !read) return read.error();
    Asker asker{tenant,           client,
                named->channel,   purpose.value_or(named->purpose),
                &named->sections, Standing::of(*assurance, std::chrono::seconds(age))};
    return judge(asker, name, verdict, expected, pointer);
  }

 private:
  bool judge(const Asker& asker, const std::string& name, std::optional<std::string_view> verdict, json::Value expected,
             const std::string& pointer) {
    const auto& sections = policy_.sections();
    const auto section = std::find_if(sections.begin(), sections.end(), [&](const auto& s) { return s.name == name; });
    const auto position = static_cast<std::size_t>(section - sections.begin());
    const bool seen = section != sections.end() && may_name(asker, name);
    const auto is = seen ? policy_.view(asker, position).verdict : Verdict::denied;
    bool good = true;
    const auto compare = [&](const std::string& what, std::string_view wanted, std::string_view found) {
      if (wanted == found) return;
      good = false;
      writer_.begin_object().member("expectation", pointer).member("of", what);
      writer_.member("expected", wanted).member("is", found).end_object();
    };
    if (verdict) compare("verdict", *verdict, name_of(is));
    const auto rows = seen ? policy_.rows(asker, position) : std::vector<FieldRow>();
    expected.each_member([&](std::string_view field, json::Value fate) {
      compare(std::string(field), fate.string().value_or(""), fate_of(rows, field));
    });
    return good;
  }

  const Policy& policy_;
  const FindClient& find_;
  json::Writer& writer_;
};

} // namespace

std::string explained(const Policy& policy, const Asker& asker, std::size_t section) {
  const bool named = may_name(asker, policy.sections()[section].name);
  const auto view = named ? policy.view(asker, section) : View();
  std::string page;
  json::Writer writer(page);
  writer.begin_object().member("tenant", asker.tenant).member("client", asker.client);
  writer.member("channel", asker.channel).member("purpose", asker.purpose);
  writer.member("section", policy.sections()[section].name);
  writer.member("assurance", name_of(asker.standing.assurance())).member("verdict", name_of(view.verdict));
  if (view.verdict == Verdict::step_up) write_challenge(writer, "challenge", view.challenge);
  writer.member("client_may_name_it", named).member("has_policy", policy.has_rules());
  write_rules(writer, policy, asker, section);
  write_fields(writer, policy, named ? policy.rows(asker, section) : std::vector<FieldRow>());
  writer.end_object();
  return page;
}

std::string fate_of(const std::vector<FieldRow>& rows, std::string_view field) {
  const auto tokens = json::pointer_tokens(field);
  if (!tokens) return "denied";
  const FieldRow* above = nullptr;
  std::size_t depth = 0;
  std::string below;
  for (const auto& row : rows) {
    const auto at = *json::pointer_tokens(row.field);
    if (at.size() <= tokens->size() && agree(at, *tokens, at.size())) {
      const bool by_name = std::equal(at.begin(), at.end(), tokens->begin());
      if (!above || at.size() > depth || by_name) above = &row;
      depth = at.size();
    } else if (at.size() > tokens->size() && agree(at, *tokens, tokens->size())) {
      below = below.empty() || below == word_of(row) ? word_of(row) : "partly";
    }
  }
  if (above) return word_of(*above);
  return below.empty() ? "denied" : below;
}

Result<Tested> test_policy(const Policy& policy, json::Value table, const FindClient& find) {
  Tested tested;
  std::optional<Error> fault;
  json::Fields fields(table, "");
  const auto expectations = fields.array("expectations");
  if (auto read = fields.finish(); !read) return read.error();
  std::string failures;
  {
    json::Writer writer(failures);
    writer.begin_array();
    Testing testing(policy, find, writer);
    expectations.each_element([&](json::Value one) {
      if (fault) return;
      const auto held = testing.holds(one, "/expectations/" + std::to_string(tested.expectations++));
      if (!held)
        fault = held.error();
      else if (!*held)
        ++tested.failed;
    });
    writer.end_array();
  }
  if (fault) return *fault;
  json::Writer writer(tested.page);
  writer.begin_object().member("expectations", tested.expectations).member("failed", tested.failed);
  writer.key("failures").raw(failures).end_object();
  return tested;
}

} // namespace plugboard::policy
