// Whether anything says who may see what; what would leave for whom, and why; and a table of expectations held against
// it.
#include "core/api/admin_pages.hpp"
#include "core/api/problem.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"
#include "core/policy/explain.hpp"

#include <algorithm>
#include <charconv>

namespace plugboard::api {

namespace {

policy::FindClient finder(const AdminVisit& visit) {
  return [&visit](std::string_view tenant, std::string_view id) -> std::optional<policy::Named> {
    if (!visit.admin.sees(tenant)) return std::nullopt;
    for (const auto& client : visit.rooms.clients.list())
      if (client->tenant == tenant && client->id == id)
        return policy::Named{client->tenant, client->id, client->channel, client->purpose, client->sections};
    return std::nullopt;
  };
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < 0 || number > 31'536'000)
    return std::nullopt;
  return number;
}

} // namespace

// Not the rules themselves: they may name what is other tenants'.
void show_policy(const AdminVisit& visit, http::Responder responder) {
  std::string page;
  json::Writer(page).begin_object().member("has_policy", visit.generation->policy->has_rules()).end_object();
  responder.send(admin_page(std::move(page)));
}

void explain_policy(const AdminVisit& visit, http::Responder responder) {
  const auto refuse = [&](const std::string& why) { responder.send(problem(Problem::invalid_request, why)); };
  const auto& query = visit.query;
  const auto id = query.find("client"), name = query.find("section");
  if (!id || !name) return refuse("Say ?client= and &section=: whom, and what of.");
  const auto assurance = parse_assurance(query.find("assurance").value_or("aal1"));
  if (!assurance) return refuse("assurance must be none, asserted, aal1, aal2 or aal3.");
  const auto age = whole_number(query.find("age_s").value_or("0"));
  if (!age) return refuse("age_s must be a whole number of seconds, a year at most.");
  const auto named = finder(visit)(visit.one_tenant(), *id);
  if (!named) return responder.send(problem(Problem::not_found, "There is no such client."));
  const auto purpose = query.find("purpose").value_or(named->purpose);
  const auto& purposes = visit.generation->purposes;
  if (!purpose.empty() && std::find(purposes.begin(), purposes.end(), purpose) == purposes.end())
    return refuse("purpose must be one of those that the hub's configuration names.");
  const auto section = visit.generation->catalog->find(*name);
  if (!section) return responder.send(problem(Problem::not_found, "There is no such section."));
  const policy::Asker asker{named->tenant,    named->client,
                            named->channel,   purpose,
                            &named->sections, policy::Standing::of(*assurance, std::chrono::seconds(*age))};
  responder.send(admin_page(policy::explained(*visit.generation->policy, asker, *section)));
}

void test_policy(const AdminVisit& visit, http::Responder responder) {
  const auto table = visit.reader.read(visit.request.body);
  if (!table) return responder.send(problem(problem_of(table.error()), table.error().message));
  auto tested = policy::test_policy(*visit.generation->policy, *table, finder(visit));
  if (!tested) return responder.send(problem(problem_of(tested.error()), tested.error().message));
  responder.send(admin_page(std::move(tested->page)));
}

} // namespace plugboard::api
