#include "core/api/connector_page.hpp"

#include "core/json/writer.hpp"

#include <functional>

namespace plugboard::api {
namespace {

using connector::Containment;
using connector::Isolation;

constexpr std::string_view kStandardProfile = "standard";

bool is_inside(const Containment& containment) {
  return containment.isolation == Isolation::in_process;
}

bool lacks_layers(const Containment& containment) {
  return !missing_layers(containment).empty();
}

bool is_weak(const Containment& containment) {
  return !containment.profile.empty() && containment.profile != kStandardProfile;
}

std::int64_t number(std::uint64_t count) {
  return static_cast<std::int64_t>(count);
}

std::int64_t whole_ms(Duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

void write_layers(json::Writer& writer, const Containment& containment) {
  writer.key("layers").begin_object().key("present").begin_array();
  for (const wire::LayerState& state : containment.layers)
    if (state.present) writer.value(wire::name_of(state.layer));
  writer.end_array().key("missing").begin_array();
  for (const wire::LayerState& state : containment.layers)
    if (!state.present)
      writer.begin_object().member("layer", wire::name_of(state.layer)).member("why", state.why_not).end_object();
  writer.end_array().end_object();
}

void write_limits(json::Writer& writer, const wire::Limits& limits) {
  writer.key("limits").begin_object().member("memory_mb", number(limits.memory_bytes >> 20));
  writer.member("threads", limits.threads).member("descriptors", limits.descriptors);
  if (limits.cpu_percent > 0) writer.member("cpu_percent", limits.cpu_percent);
  writer.end_object();
}

void write_worker(json::Writer& writer, const Containment& containment, const wire::Limits& limits) {
  writer.key("worker").begin_object().member("state", name_of(containment.state));
  if (containment.pid != 0) writer.member("pid", containment.pid);
  if (!containment.profile.empty()) writer.member("profile", containment.profile);
  write_layers(writer, containment);
  writer.member("starts", number(containment.starts)).member("crashes", number(containment.crashes));
  writer.member("killed", number(containment.killed)).member("at_limit", number(containment.at_limit));
  writer.key("last_exits").begin_array();
  for (const connector::Exit& exit : containment.last_exits)
    writer.begin_object().member("at", rfc3339(exit.at)).member("how", exit.how).end_object();
  writer.end_array();
  writer.member("memory_bytes", number(containment.memory_bytes));
  writer.member("resident_bytes", number(containment.resident_bytes));
  writer.member("cpu_ms", milliseconds(containment.cpu));
  write_limits(writer, limits);
  writer.end_object();
}

void write_breakers(json::Writer& writer, const connector::Steadiness& steadiness) {
  writer.key("breakers").begin_array();
  for (const auto& breaker : steadiness.breakers) {
    writer.begin_object().member("tenant", breaker.tenant).member("state", breaker.open ? "open" : "closed");
    if (breaker.open) {
      writer.member("open_for_ms", whole_ms(breaker.since));
      writer.member("probe_in_ms", whole_ms(breaker.until_probe));
    }
    writer.member("opened", number(breaker.opened)).end_object();
  }
  writer.end_array();
}

// Breakers, limit, retries and hedges: how its system fares, and what the hub makes of it.
void write_steadiness(json::Writer& writer, const connector::Steadiness& steadiness) {
  write_breakers(writer, steadiness);
  writer.key("concurrency").begin_object();
  writer.member("limit", number(steadiness.limit)).member("most", number(steadiness.most));
  writer.member("running", number(steadiness.running)).member("waiting", number(steadiness.waiting)).end_object();
  writer.key("refused").begin_object().member("breaker_open", number(steadiness.refused_by_breaker));
  writer.member("overloaded", number(steadiness.refused_by_limit)).end_object();
  writer.key("retries").begin_object().member("made", number(steadiness.retries));
  writer.member("without_budget", number(steadiness.retries_without_budget)).end_object();
  writer.key("hedges").begin_object().member("made", number(steadiness.hedges));
  writer.member("answered", number(steadiness.hedges_that_answered)).key("sections").begin_array();
  for (const auto& section : steadiness.hedging) {
    writer.begin_object().member("section", section.section);
    if (section.usual > Duration::zero()) writer.member("usual_ms", milliseconds(section.usual));
    if (section.after > Duration::zero()) writer.member("after_ms", milliseconds(section.after));
    writer.end_object();
  }
  writer.end_array().end_object();
}

void write_health(json::Writer& writer, const connector::Health& health) {
  writer.key("health").begin_object().member("state", name_of(health.condition));
  if (!health.message.empty()) writer.member("message", health.message);
  if (health.asked != WallTime{})
    writer.member("since", rfc3339(health.since)).member("asked_at", rfc3339(health.asked));
  writer.end_object();
}

void write_connector(json::Writer& writer, const connector::Connector& connector, const Containment& containment) {
  const auto& settings = connector.settings();
  const auto counts = connector.counts();
  writer.begin_object();
  writer.member("name", settings.name).member("plugin", settings.plugin.manifest.name);
  writer.member("version", settings.plugin.manifest.version).member("build_id", settings.plugin.build_id);
  writer.member("state", connector.state() == connector::State::ready ? "ready" : "stopped");
  writer.member("isolation", name_of(settings.isolation));
  if (const auto banner = banner_of(containment); !banner.empty()) writer.member("banner", banner);
  if (!is_inside(containment)) write_worker(writer, containment, settings.limits);
  writer.member("timeout_ms", static_cast<std::int64_t>(milliseconds(settings.timeout)));
  writer.key("sections").begin_array();
  for (const auto& section : settings.sections) writer.value(settings.name + "." + section.name);
  writer.end_array().key("identifiers").begin_array();
  for (const auto& identifier : settings.identifiers) writer.value(identifier);
  writer.end_array();
  writer.member("calls", number(counts.calls)).member("failures", number(counts.failures));
  writer.member("protocol_violations", number(counts.protocol_violations));
  writer.member("in_flight", number(counts.in_flight)).member("waiting", number(counts.waiting));
  write_health(writer, connector.health());
  write_steadiness(writer, connector.steadiness());
  writer.end_object();
}

std::string names_of(const std::vector<Contained>& connectors, const std::function<bool(const Containment&)>& those) {
  std::string names;
  for (const Contained& one : connectors)
    if (those(one.containment)) names.append(names.empty() ? "" : ", ").append(one.name);
  return names;
}

} // namespace

std::string banner_of(const Containment& containment) {
  if (is_inside(containment)) return "runs inside the hub: its code is trusted as the hub's own";
  std::string banner;
  if (const auto missing = missing_layers(containment); !missing.empty())
    banner = "its worker lacks layers of the sandbox: " + missing;
  if (is_weak(containment))
    banner += (banner.empty() ? "its worker runs" : "; it runs") + std::string(" under the profile ") +
              containment.profile + ", which is weaker than the standard one";
  return banner;
}

std::string banner_of(const std::vector<Contained>& connectors) {
  std::string banner;
  const auto add = [&](std::string_view what, const std::string& names) {
    if (!names.empty()) banner.append(banner.empty() ? "" : " ").append(what).append(names).append(".");
  };
  add("These connectors run inside the hub, their code is trusted as the hub's own: ", names_of(connectors, is_inside));
  add("The workers of these lack layers of the sandbox: ", names_of(connectors, lacks_layers));
  add("The workers of these run under a weaker profile: ", names_of(connectors, is_weak));
  return banner;
}

std::string connectors_page(const Generation& generation) {
  std::vector<Contained> contained;
  for (const auto& connector : generation.connectors)
    contained.push_back({connector->settings().name, connector->containment()});
  std::string body;
  json::Writer writer(body);
  writer.begin_object().member("generation", number(generation.number));
  if (const auto banner = banner_of(contained); !banner.empty()) writer.member("banner", banner);
  writer.key("connectors").begin_array();
  for (std::size_t i = 0; i < contained.size(); ++i)
    write_connector(writer, *generation.connectors[i], contained[i].containment);
  writer.end_array().end_object();
  return body;
}

} // namespace plugboard::api
