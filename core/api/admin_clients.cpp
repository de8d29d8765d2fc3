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
  if (auto read = fields.finish(); !read) return read.error();
  return client;
}

// The client that the body names, of a tenant that this admin sees.
Result<session::Client> client_from(const AdminVisit& visit) {
  json::Reader reader;
  const auto body = reader.read(visit.request.body);
  if (!body) return body.error();
  auto client = read_client(*body, visit.generation->purposes);
  if (client && !visit.admin.sees(client->tenant))
    return fail(Code::denied, "This admin is of the tenant " + visit.admin.tenant + " alone.");
  return client;
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
  // On record before it takes effect.
  visit.rooms.log.info("admin.client_add",
                       {{"client", client->id}, {"tenant", client->tenant}, {"by", visit.admin.id}});
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  visit.rooms.clients.add(std::move(*client), visit.rooms.poster, [shared](Result<session::Clients::Added> added) {
    if (!added) return shared->send(problem(problem_of(added.error()), added.error().message));
    http::Response response = admin_page({});
    response.status = 201;
    json::Writer writer(response.body);
    writer.begin_object().key("client");
    write_client(writer, *added->client);
    writer.member("key", added->key.reveal());
    writer.end_object();
    shared->send(std::move(response));
  });
}

} // namespace plugboard::api
