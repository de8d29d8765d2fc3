// Answers that are kept: how much they are, and their end by an operator's word.
#include "core/api/admin_pages.hpp"
#include "core/api/problem.hpp"
#include "core/json/fields.hpp"
#include "core/json/writer.hpp"

#include <utility>

namespace plugboard::api {

namespace {

Result<context::Purge> read_purge(const AdminVisit& visit) {
  const auto body = visit.reader.read(visit.request.body);
  if (!body) return body.error();
  json::Fields fields(*body, "");
  context::Purge purge;
  for (const auto& [name, into] : {std::pair<std::string_view, std::string*>{"tenant", &purge.tenant},
                                   {"customer", &purge.customer},
                                   {"connector", &purge.connector},
                                   {"section", &purge.section}}) {
    const auto said = fields.string(name);
    if (said && said->empty()) fields.refuse(name, "must say something, or be left out");
    *into = said.value_or("");
  }
  if (const auto dot = purge.section.find('.'); dot != std::string::npos) {
    const auto connector = std::exchange(purge.section, purge.section.substr(dot + 1)).substr(0, dot);
    if (!purge.connector.empty() && purge.connector != connector)
      fields.refuse("section", "is not a section of that connector");
    purge.connector = connector;
  } else if (!purge.section.empty()) {
    fields.refuse("section", "must be a section's whole name, such as \"crm.contact\"");
  }
  if (auto read = fields.finish(); !read) return read.error();
  if (purge.tenant.empty()) purge.tenant = visit.one_tenant();
  return purge;
}

} // namespace

void show_cache(const AdminVisit& visit, http::Responder responder) {
  const auto figures = visit.rooms.answers.figures();
  std::string body;
  json::Writer writer(body);
  writer.begin_object();
  writer.member("max_bytes", std::uint64_t{figures.most_bytes}).member("bytes", std::uint64_t{figures.bytes});
  writer.member("entries", std::uint64_t{figures.entries}).member("evictions", figures.evictions);
  writer.member("calls_under_way", std::uint64_t{figures.flights});
  writer.end_object();
  responder.send(admin_page(std::move(body)));
}

void purge_cache(const AdminVisit& visit, http::Responder responder) {
  auto purge = read_purge(visit);
  if (!purge) return responder.send(refusal(purge.error()));
  if (!visit.admin.sees(purge->tenant)) return responder.send(problem(Problem::not_found));
  if (purge->tenant == "*" && !visit.admin.may(Role::admin))
    return responder.send(problem(Problem::scope_missing, "To purge every tenant's answers needs the role admin."));
  const auto who = by(visit.admin);
  audit::Change change;
  change.action = "cache.purge";
  change.by = who;
  change.tenant = purge->tenant;
  change.actor = visit.admin.id;
  change.customer = purge->customer;
  change.target = purge->connector;
  if (!purge->section.empty()) change.details.emplace_back("section", purge->section);
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  visit.rooms.trail.change(
      change, visit.rooms.poster, [&rooms = visit.rooms, shared, purge = *purge](Result<audit::Receipt> receipt) {
        if (!receipt) return shared->send(problem(Problem::audit_unavailable));
        std::string body;
        json::Writer writer(body);
        writer.begin_object().member("purged", std::uint64_t{rooms.answers.purge(purge)}).end_object();
        shared->send(admin_page(std::move(body)));
      });
}

} // namespace plugboard::api
