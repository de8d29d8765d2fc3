#include "core/daemon/config_values.hpp"
#include "core/json/pointer.hpp"
#include "core/policy/pattern.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace plugboard::daemon {

namespace {

using json::member;
using json::text_of;

void read_certificate(const ConfigPlace& place, const Config& config, const ConfigValue& value, ClientConfig& read) {
  using By = session::CertificateRule::By;
  const auto* certificate = member(value, "certificate");
  if (!certificate) return;
  const auto pointer = read.pointer + "/certificate";
  if (!config.tls || !config.tls->client_ca)
    place.fault(pointer, "is never asked for without \"client_ca\" in /agents/tls; add it there");
  for (const auto& [name, by] : {std::pair("subject", By::subject), std::pair("dns", By::dns),
                                 std::pair("uri", By::uri), std::pair("sha256", By::sha256)}) {
    const auto* text = member(*certificate, name);
    if (!text || !text->IsString()) continue;
    auto rule = session::make_certificate_rule(by, text_of(*text));
    if (!rule) return place.fault(pointer + "/" + name, rule.error().message);
    read.certificate = std::move(*rule);
  }
}

void read_keys(const ConfigPlace& place, const ConfigValue& value, ClientConfig& read) {
  if (const auto* key = member(value, "key")) read.key = place.secret(*key, read.pointer + "/key");
  if (const auto* key = member(value, "previous_key")) {
    read.previous_key = place.secret(*key, read.pointer + "/previous_key");
    if (!member(value, "key"))
      place.fault(read.pointer + "/previous_key", "is the one before \"key\"; add that beside");
  }
  if (!member(value, "key") && !member(value, "certificate"))
    place.fault(read.pointer,
                "has neither \"key\" nor \"certificate\", so nobody could be this client; give it one of them");
}

void read_budget(const ConfigValue& value, session::Client& client) { // what the schema refused is none here either
  if (const auto* rate = member(value, "rate_limit"); rate && rate->IsObject())
    static_cast<void>(connector::read_rate(*rate, client.rate_limit));
  client.contexts_per_day = std::max<std::int64_t>(0, number_at(value, "/quota/contexts_per_day", 0));
}

ClientConfig read_client(const ConfigPlace& place, const Config& config, const ConfigValue& value,
                         std::string pointer) {
  ClientConfig read;
  read.pointer = std::move(pointer);
  auto& client = read.client;
  client.id = text_at(value, "/id");
  client.tenant = text_at(value, "/tenant", "default");
  client.channel = text_at(value, "/channel");
  client.purpose = text_at(value, "/purpose");
  client.criticality = text_at(value, "/criticality", "interactive");
  client.sections = texts_of(member(value, "sections"));
  client.from_configuration = true;
  for (std::size_t i = 0; i < client.sections.size(); ++i)
    if (!policy::is_section_pattern(client.sections[i]))
      place.fault(read.pointer + "/sections/" + std::to_string(i),
                  "must be \"*\", \"CONNECTOR.*\" or \"CONNECTOR.SECTION\"");
  for (const auto& wanted : texts_of(member(value, "scopes")))
    if (const auto scope = session::parse_scope(wanted)) client.scopes |= static_cast<std::uint32_t>(*scope);
  if (!client.purpose.empty() &&
      std::find(config.purposes.begin(), config.purposes.end(), client.purpose) == config.purposes.end())
    place.fault(read.pointer + "/purpose", "\"" + client.purpose + "\" is not among /purposes; add it there");
  read_budget(value, client);
  read_keys(place, value, read);
  read_certificate(place, config, value, read);
  return read;
}

} // namespace

void read_clients(const ConfigPlace& place, Config& config) {
  const auto* clients = member(place.root, "clients");
  if (!clients || !clients->IsArray()) return;
  std::set<std::pair<std::string, std::string>> seen;
  for (rapidjson::SizeType i = 0; i < clients->Size(); ++i) {
    auto read = read_client(place, config, (*clients)[i], "/clients/" + std::to_string(i));
    if (!seen.emplace(read.client.tenant, read.client.id).second)
      place.fault(read.pointer + "/id", "a second client \"" + read.client.id + "\"; give each an id of its own");
    config.clients.push_back(std::move(read));
  }
}

} // namespace plugboard::daemon
