// Agent tools: those of the configuration, which only it can change, and those that were added here.
#include "core/api/admin_pages.hpp"
#include "core/api/problem.hpp"
#include "core/base/ids.hpp"
#include "core/json/fields.hpp"
#include "core/json/writer.hpp"
#include "core/policy/pattern.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

void write_list(json::Writer& writer, std::string_view name, const std::vector<std::string>& values) {
  writer.key(name).begin_array();
  for (const auto& value : values) writer.value(value);
  writer.end_array();
}

void write_client(json::Writer& writer, const session::Client& client) {
  writer.begin_object();
  writer.member("id", client.id).member("tenant", client.tenant).member("channel", client.channel);
  writer.member("purpose", client.purpose).member("criticality", client.criticality);
  write_list(writer, "sections", client.sections);
  writer.key("scopes").begin_array();
  for (const auto& [scope, name] : session::scope_names())
    if (client.may(scope)) writer.value(name);
  writer.end_array();
  if (client.rate_limit.per_second > 0)
    writer.key("rate_limit")
        .begin_object()
        .member("per_second", client.rate_limit.per_second)
        .member("burst", connector::burst_of(client.rate_limit))
        .end_object();
  if (client.contexts_per_day > 0)
    writer.key("quota").begin_object().member("contexts_per_day", client.contexts_per_day).end_object();
  writer.member("from", client.from_configuration ? "configuration" : "store");
  writer.end_object();
}

std::uint32_t read_scopes(json::Fields& fields) {
  std::uint32_t scopes = 0;
  fields.array("scopes").each_element([&](json::Value entry) {
    auto wanted = entry.string().value_or("");
    const auto& names = session::scope_names();
    auto known = std::find_if(names.begin(), names.end(), [&](const auto& scope) { return scope.name == wanted; });
    if (known == names.end())
      fields.refuse("scopes", "\"" + std::string(wanted) +
                                  "\" is no scope; there are session:create, session:read, context:read, …");
    else
      scopes |= static_cast<std::uint32_t>(known->scope);
  });
  return scopes;
}

constexpr std::int64_t kMost = 1'000'000'000; // of any limit

void read_limits(json::Fields& fields, session::Client& client) {
  if (const auto rate = fields.object("rate_limit")) {
    json::Fields limit(rate, fields.pointer_to("rate_limit"));
    const auto per_second = limit.any("per_second").number().value_or(0);
    if (per_second < 0.001 || per_second > 1e6) limit.refuse("per_second", "must be a number from 0.001 to 1,000,000");
    client.rate_limit = {per_second, static_cast<double>(limit.integer("burst", 1, 1'000'000).value_or(0))};
    if (const auto read = limit.finish(); !read) fields.refuse("rate_limit", read.error().message);
  }
  if (const auto quota = fields.object("quota")) {
    json::Fields limit(quota, fields.pointer_to("quota"));
    client.contexts_per_day = limit.integer("contexts_per_day", 1, kMost).value_or(0);
    if (const auto read = limit.finish(); !read) fields.refuse("quota", read.error().message);
  }
}

Result<session::Client> read_client(json::Value body, const std::vector<std::string>& purposes) {
  json::Fields fields(body, "");
  session::Client client;
  client.id = fields.required_string("id");
  if (fields.ok() && !is_client_id(client.id)) fields.refuse("id", "must be letters, digits, dots, dashes: \"desk-2\"");
  client.tenant = fields.string("tenant").value_or("default");
  if (!is_client_id(client.tenant)) fields.refuse("tenant", "must be letters, digits, dots, dashes");
  client.channel = fields.string("channel").value_or("");
  if (!client.channel.empty() && !is_client_id(client.channel))
    fields.refuse("channel", "must be letters, digits, dots, dashes");
  client.purpose = fields.string("purpose").value_or("");
  if (!client.purpose.empty() && std::find(purposes.begin(), purposes.end(), client.purpose) == purposes.end())
    fields.refuse("purpose", "must be one of the purposes that the hub's configuration names");
  client.criticality = fields.string("criticality").value_or("interactive");
  if (client.criticality != "interactive" && client.criticality != "background" && client.criticality != "bulk")
    fields.refuse("criticality", "must be \"interactive\", \"background\" or \"bulk\"");
  fields.array("sections").each_element([&](json::Value entry) {
    client.sections.emplace_back(entry.string().value_or(""));
    if (!policy::is_section_pattern(client.sections.back()))
      fields.refuse("sections", "must hold \"*\", \"CONNECTOR.*\" or \"CONNECTOR.SECTION\"");
  });
  client.scopes = read_scopes(fields);
  read_limits(fields, client);
  if (auto read = fields.finish(); !read) return read.error();
  return client;
}

// The client that the body names, of a tenant that this admin sees.
Result<session::Client> client_from(const AdminVisit& visit) {
  const auto body = visit.reader.read(visit.request.body);
  if (!body) return body.error();
  auto client = read_client(*body, visit.generation->purposes);
  if (client && !visit.admin.sees(client->tenant))
    return fail(Code::denied, "This admin is of the tenant " + visit.admin.tenant + " alone.");
  return client;
}

using Added = session::Clients::Added;

http::Response page_of(const Added& added, int status) {
  http::Response response = admin_page({});
  response.status = status;
  json::Writer writer(response.body);
  writer.begin_object().key("client");
  write_client(writer, *added.client);
  writer.member("key", added.key.reveal());
  if (added.old_until) writer.member("old_key_until", rfc3339(*added.old_until));
  writer.end_object();
  return response;
}

// A change that is on record, and did not come about.
void refuse(const AdminRooms& rooms, const audit::Receipt& receipt, http::Responder& responder, const Error& error) {
  rooms.trail.outcome(receipt, {.ending = audit::Ending::failed, .why = name_of(error.code)});
  const auto which = error.code == Code::not_found ? Problem::not_found : problem_of(error);
  responder.send(problem(which, error.message));
}

// All that it was given: what a client of its name gets later, or who had its key, has no part in that.
void end_sessions(const AdminRooms& rooms, const session::ClientId& client, std::function<void(Result<void>)> then) {
  session::Revocation revocation;
  revocation.tenant = client.first;
  revocation.client = client.second;
  rooms.sessions.end(std::move(revocation), rooms.poster, std::move(then));
}

// How long the key before is good: {"overlap_s": 3600}; a day when nothing is said.
Result<Duration> read_overlap(const AdminVisit& visit) {
  constexpr std::int64_t kDay = 24 * 3600;
  std::int64_t seconds = kDay;
  if (!visit.request.body.empty()) {
    const auto body = visit.reader.read(visit.request.body);
    if (!body) return body.error();
    json::Fields fields(*body, "");
    seconds = fields.integer("overlap_s", 0, 30 * kDay).value_or(kDay);
    if (const auto read = fields.finish(); !read) return read.error();
  }
  return Duration(std::chrono::seconds(seconds));
}

} // namespace

void list_clients(const AdminVisit& visit, http::Responder responder) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("clients").begin_array();
  for (const auto& client : visit.rooms.clients.list())
    if (!visit.tenant() || client->tenant == *visit.tenant()) write_client(writer, *client);
  writer.end_array().end_object();
  responder.send(admin_page(std::move(body)));
}

void add_client(const AdminVisit& visit, http::Responder responder) {
  auto client = client_from(visit);
  if (!client) return responder.send(problem(problem_of(client.error()), client.error().message));
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  const AdminChange change{"client.add", client->tenant, client->id};
  on_record(visit, change, shared,
            [&rooms = visit.rooms, shared, client = std::move(*client)](const audit::Receipt& receipt) {
              rooms.clients.add(client, rooms.poster, [&rooms, shared, receipt](const Result<Added>& added) {
                added ? shared->send(page_of(*added, 201)) : refuse(rooms, receipt, *shared, added.error());
              });
            });
}

void rotate_client(const AdminVisit& visit, http::Responder responder) {
  const auto overlap = read_overlap(visit);
  if (!overlap) return responder.send(problem(problem_of(overlap.error()), overlap.error().message));
  const session::ClientId client{visit.one_tenant(), visit.path.at("client")};
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  const auto seconds = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(*overlap).count());
  const auto rotate = [&rooms = visit.rooms, shared, client, overlap = *overlap](const audit::Receipt& receipt) {
    const auto rotated = [&rooms, shared, receipt, client, overlap](const Result<Added>& added) {
      if (!added) return refuse(rooms, receipt, *shared, added.error());
      auto response = std::make_shared<http::Response>(page_of(*added, 200));
      if (overlap > Duration::zero()) return shared->send(std::move(*response));
      end_sessions(rooms, client, [&rooms, shared, receipt, response](const Result<void>& ended) { // a lost key
        ended ? shared->send(std::move(*response)) : refuse(rooms, receipt, *shared, ended.error());
      });
    };
    rooms.clients.rotate(client, overlap, rooms.poster, rotated);
  };
  on_record(visit, {"client.rotate", client.first, client.second, {{"overlap_s", seconds}}}, shared, rotate);
}

void remove_client(const AdminVisit& visit, http::Responder responder) {
  const session::ClientId client{visit.one_tenant(), visit.path.at("client")};
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  const auto remove = [&rooms = visit.rooms, shared, client](const audit::Receipt& receipt) {
    const auto ended = [&rooms, shared, receipt](const Result<void>& done) {
      if (!done) return refuse(rooms, receipt, *shared, done.error());
      http::Response response;
      response.status = 204;
      shared->send(std::move(response));
    };
    rooms.clients.remove(client, rooms.poster, [&rooms, shared, receipt, client, ended](const Result<void>& removed) {
      if (!removed) return refuse(rooms, receipt, *shared, removed.error());
      end_sessions(rooms, client, ended);
    });
  };
  on_record(visit, {"client.remove", client.first, client.second}, shared, remove);
}

} // namespace plugboard::api
