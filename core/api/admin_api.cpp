#include "core/api/admin_api.hpp"

#include "core/api/connector_page.hpp"
#include "core/api/context_ask.hpp"
#include "core/api/problem.hpp"
#include "core/base/ids.hpp"
#include "core/json/fields.hpp"
#include "core/json/writer.hpp"
#include "core/policy/policy.hpp"

#include <algorithm>

namespace plugboard::api {

namespace {

http::Response page(std::string body, std::string_view type = "application/json") {
  http::Response response;
  response.content_type = type;
  response.headers.push_back({"cache-control", "no-store"});
  response.body = std::move(body);
  return response;
}

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

} // namespace

AdminApi::AdminApi(AdminRooms rooms, GenerationPtr generation)
    : rooms_(std::move(rooms)), generation_(std::move(generation)) {}

void AdminApi::handle_metrics_only(const http::Request& request, http::Responder responder) {
  if (request.path != "/metrics") return responder.send(problem(Problem::not_found));
  if (request.method != "GET") return responder.send(problem(Problem::method_not_allowed));
  responder.send(page(rooms_.metrics.text(), "text/plain; version=0.0.4; charset=utf-8"));
}

void AdminApi::handle(const http::Request& request, http::Responder responder) {
  auto uid = request.peer ? request.peer->uid : std::nullopt;
  if (!uid || (*uid != 0 && *uid != rooms_.own_uid))
    return responder.send(problem(Problem::scope_missing, "Only the hub's own user and root may speak here."));
  if (request.path == "/metrics") return handle_metrics_only(request, std::move(responder));
  bool is_get = request.method == "GET";
  if (request.path == "/admin/v1/clients" && request.method == "POST") return add_client(request, std::move(responder));
  if (request.path == "/admin/v1/clients" && is_get) return responder.send(page(clients()));
  if (request.path == "/admin/v1/connectors" && is_get) return responder.send(page(connectors_page(*generation_)));
  if (request.path == "/admin/v1/plugins" && is_get) return responder.send(page(plugins()));
  bool known = request.path == "/admin/v1/clients" || request.path == "/admin/v1/connectors" ||
               request.path == "/admin/v1/plugins";
  responder.send(problem(known ? Problem::method_not_allowed : Problem::not_found));
}

std::string AdminApi::plugins() const {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("plugins").begin_array();
  for (const auto& listing : rooms_.plugins()) {
    writer.begin_object();
    if (!listing.plugin) {
      writer.member("file", listing.file).member("usable", false).member("fault", listing.plugin.error().message);
    } else {
      const auto& plugin = *listing.plugin;
      writer.member("name", plugin.manifest.name).member("version", plugin.manifest.version).member("usable", true);
      writer.member("summary", plugin.manifest.summary).member("license", plugin.manifest.license);
      writer.key("operations").begin_array();
      if (plugin.manifest.lookup) writer.value("lookup");
      if (plugin.manifest.authenticate) writer.value("authenticate");
      writer.end_array();
      writer.member("execution", plugin.manifest.execution == connector::Execution::async ? "async" : "blocking");
      writer.member("max_concurrency", plugin.manifest.max_concurrency);
      writer.member("abi", std::to_string(plugin.abi_major) + "." + std::to_string(plugin.abi_minor));
      writer.member("build_id", plugin.build_id).member("sha256", plugin.sha256);
      writer.key("used_by").begin_array();
      for (const auto& connector : generation_->connectors)
        if (connector->settings().plugin.sha256 == plugin.sha256) writer.value(connector->settings().name);
      writer.end_array();
    }
    writer.end_object();
  }
  writer.end_array().end_object();
  return body;
}

std::string AdminApi::clients() const {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("clients").begin_array();
  for (const auto& client : rooms_.clients.list()) write_client(writer, *client);
  writer.end_array().end_object();
  return body;
}

void AdminApi::add_client(const http::Request& request, http::Responder responder) {
  json::Reader reader;
  auto body = reader.read(request.body);
  if (!body) return responder.send(problem(problem_of(body.error()), body.error().message));
  auto client = read_client(*body, generation_->purposes);
  if (!client) return responder.send(problem(problem_of(client.error()), client.error().message));
  // On record before it takes effect.
  rooms_.log.info("admin.client_add",
                  {{"client", client->id}, {"tenant", client->tenant}, {"by_uid", *request.peer->uid}});
  auto shared = std::make_shared<http::Responder>(std::move(responder));
  rooms_.clients.add(std::move(*client), rooms_.poster, [shared](Result<session::Clients::Added> added) {
    if (!added) return shared->send(problem(problem_of(added.error()), added.error().message));
    http::Response response = page({});
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
