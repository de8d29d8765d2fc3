// Sessions that live, in names only; and their end, by what they have in common.
#include "core/api/admin_pages.hpp"
#include "core/api/problem.hpp"
#include "core/json/fields.hpp"
#include "core/json/writer.hpp"

#include <utility>

namespace plugboard::api {

namespace {

constexpr int kMostListed = 100;

std::string list_page(const std::vector<session::Listed>& sessions) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("sessions").begin_array();
  for (const auto& one : sessions) {
    writer.begin_object().member("id", one.id).member("tenant", one.tenant).member("customer", one.customer);
    writer.key("clients").begin_array();
    for (const auto& client : one.clients) writer.value(client);
    writer.end_array().member("assurance", name_of(one.assurance));
    writer.member("created_at", rfc3339(one.created_at)).member("last_used_at", rfc3339(one.last_used_at));
    writer.member("expires_at", rfc3339(one.expires_at)).end_object();
  }
  writer.end_array();
  if (sessions.size() == kMostListed) writer.member("next", sessions.back().id);
  writer.end_object();
  return body;
}

// What is named: a tenant alone, or everything before a time, is meant as it stands; nothing at all is not.
Result<session::Revocation> read_revocation(const AdminVisit& visit) {
  const auto body = visit.reader.read(visit.request.body);
  if (!body) return body.error();
  json::Fields fields(*body, "");
  session::Revocation revocation;
  const auto text = [&](std::string_view name) {
    const auto said = fields.string(name);
    if (said && said->empty()) fields.refuse(name, "must say something, or be left out");
    return std::string(said.value_or(""));
  };
  revocation.tenant = text("tenant");
  revocation.session = text("session");
  revocation.customer = text("customer");
  revocation.issuer = text("issuer");
  revocation.subject = text("subject");
  revocation.upstream_session = text("upstream_session");
  revocation.client = text("client");
  revocation.channel = text("channel");
  revocation.key_id = text("key");
  if (const auto before = fields.string("before")) {
    const auto time = parse_rfc3339(*before);
    if (time) revocation.before = *time;
    if (!time) fields.refuse("before", "must be a time such as 2026-11-22T18:00:00Z");
  }
  if (fields.ok() && revocation == session::Revocation{}) fields.refuse("", "say which sessions to end");
  if (auto read = fields.finish(); !read) return read.error();
  if (revocation.tenant.empty()) revocation.tenant = visit.one_tenant();
  return revocation;
}

audit::Change change_of(const AdminVisit& visit, const session::Revocation& revocation, const std::string& by) {
  audit::Change change;
  change.action = "session.revoke";
  change.by = by;
  change.tenant = revocation.tenant;
  change.actor = visit.admin.id;
  change.customer = revocation.customer;
  change.session = revocation.session;
  change.target = revocation.client;
  for (const auto& [name, value] : {std::pair<std::string_view, std::string_view>{"channel", revocation.channel},
                                    {"key", revocation.key_id},
                                    {"issuer", revocation.issuer}})
    if (!value.empty()) change.details.emplace_back(name, value);
  return change;
}

} // namespace

void list_sessions(const AdminVisit& visit, http::Responder responder) {
  const auto word = [&](std::string_view name) { return std::string(visit.query.find(name).value_or("")); };
  session::ListAsk ask{std::string(visit.tenant().value_or("*")),
                       word("session"),
                       word("customer"),
                       word("client"),
                       word("after"),
                       kMostListed};
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  visit.rooms.sessions.list(std::move(ask), visit.rooms.poster, [shared](Result<std::vector<session::Listed>> listed) {
    if (!listed) return shared->send(refusal(listed.error()));
    shared->send(admin_page(list_page(*listed)));
  });
}

void revoke_sessions(const AdminVisit& visit, http::Responder responder) {
  auto revocation = read_revocation(visit);
  if (!revocation) return responder.send(refusal(revocation.error()));
  if (!visit.admin.sees(revocation->tenant)) return responder.send(problem(Problem::not_found));
  const bool everywhere = revocation->tenant == "*";
  if (everywhere && !visit.admin.may(Role::admin))
    return responder.send(problem(Problem::scope_missing, "To end sessions of every tenant needs the role admin."));
  if (auto judged = session::judge(*revocation, visit.rooms.clock.wall()); !judged)
    return responder.send(
        problem(Problem::invalid_request, "/" + judged.error().origin + ": " + judged.error().message));
  const auto who = by(visit.admin);
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  const audit::Change change = change_of(visit, *revocation, who);
  visit.rooms.trail.change(
      change, visit.rooms.poster,
      [&rooms = visit.rooms, shared, revocation = std::move(*revocation)](Result<audit::Receipt> receipt) mutable {
        if (!receipt) return shared->send(problem(Problem::audit_unavailable));
        rooms.sessions.end(
            std::move(revocation), rooms.poster, [&rooms, shared, receipt = *receipt](const Result<void>& ended) {
              if (!ended) {
                rooms.trail.outcome(receipt, {audit::Ending::failed, {}, "session.not_stored"});
                return shared->send(problem(
                    Problem::overloaded, "They are ended in this hub until it stops, but that could not be stored."));
              }
              http::Response response = admin_page({});
              response.status = 204;
              shared->send(std::move(response));
            });
      });
}

} // namespace plugboard::api
