#include "core/connector/published_shapes.hpp"
#include "core/daemon/check.hpp"
#include "core/daemon/read_file.hpp"
#include "core/json/fields.hpp"
#include "core/policy/explain.hpp"

#include <algorithm>
#include <charconv>

namespace plugboard::daemon {

namespace {

struct Judgement {
  Config config;
  policy::PolicyPtr policy; // null: what is wrong has been said

  policy::FindClient finder() const {
    return [this](std::string_view tenant, std::string_view id) -> std::optional<policy::Named> {
      for (const auto& one : config.clients)
        if (one.client.tenant == tenant && one.client.id == id)
          return policy::Named{one.client.tenant, one.client.id, one.client.channel, one.client.purpose,
                               one.client.sections};
      return std::nullopt;
    };
  }
};

Judgement judgement_of(const std::string& path, const ResolveSecret& resolve, std::ostream& out) {
  const auto text = read_file(path);
  if (!text) {
    out << text.error().message << "\n";
    return {};
  }
  auto read = read_config(*text, path);
  auto judged = judge(read.config, resolve, connector::published_shapes(), read.faults);
  for (const auto& fault : read.faults) out << path << ": " << fault.pointer << ": " << fault.message << "\n";
  return {std::move(read.config), read.faults.empty() ? judged.policy : nullptr};
}

int refused(std::ostream& out, const std::string& why) {
  out << why << "\n";
  return 1;
}

} // namespace

int explain_config_policy(const std::string& path, const ResolveSecret& resolve, std::string_view question,
                          std::ostream& out) {
  const auto judgement = judgement_of(path, resolve, out);
  if (!judgement.policy) return 1;
  json::Reader reader;
  const auto read = reader.read(question);
  if (!read) return refused(out, read.error().message);
  json::Fields fields(*read, "");
  const auto client = fields.required_string("client"), section = fields.required_string("section");
  const auto tenant = fields.string("tenant").value_or("default");
  const auto purpose = fields.string("purpose");
  const auto assurance = parse_assurance(fields.string("assurance").value_or("aal1"));
  const auto age = fields.string("age_s").value_or("0");
  std::int64_t seconds = 0;
  std::from_chars(age.data(), age.data() + age.size(), seconds);
  if (!assurance) fields.refuse("assurance", "must be none, asserted, aal1, aal2 or aal3");
  if (const auto finished = fields.finish(); !finished) return refused(out, finished.error().message);
  const auto named = judgement.finder()(tenant, client);
  if (!named) return refused(out, "there is no such client in the configuration");
  const auto& purposes = judgement.config.purposes;
  if (purpose && !purpose->empty() && std::find(purposes.begin(), purposes.end(), *purpose) == purposes.end())
    return refused(out, "purpose must be one of those that the configuration names");
  const auto& sections = judgement.policy->sections();
  const auto found =
      std::find_if(sections.begin(), sections.end(), [&](const auto& one) { return one.name == section; });
  if (found == sections.end()) return refused(out, "there is no such section");
  const policy::Asker asker{named->tenant,    named->client,
                            named->channel,   purpose.value_or(named->purpose),
                            &named->sections, policy::Standing::of(*assurance, std::chrono::seconds(seconds))};
  out << policy::explained(*judgement.policy, asker, static_cast<std::size_t>(found - sections.begin())) << "\n";
  return 0;
}

int test_config_policy(const std::string& path, const ResolveSecret& resolve, const std::string& table,
                       std::ostream& out) {
  const auto judgement = judgement_of(path, resolve, out);
  if (!judgement.policy) return 1;
  const auto text = read_file(table);
  if (!text) return refused(out, text.error().message);
  json::Reader reader;
  const auto read = reader.read(*text);
  if (!read) return refused(out, table + ": " + read.error().message);
  const auto tested = policy::test_policy(*judgement.policy, *read, judgement.finder());
  if (!tested) return refused(out, table + ": " + tested.error().message);
  out << tested->page << "\n";
  return 0;
}

} // namespace plugboard::daemon
