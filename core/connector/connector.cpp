#include "core/connector/connector.hpp"

#include "core/connector/identifier_types.hpp"
#include "core/connector/plugged.hpp"
#include "core/connector/wildcard.hpp"

#include <algorithm>

namespace plugboard::connector {
namespace {

Result<std::vector<std::shared_ptr<const json::Shape>>> shapes_of(const Settings& settings,
                                                                  const json::Shapes& shapes) {
  std::vector<std::shared_ptr<const json::Shape>> found;
  for (const SectionSpec& section : settings.sections) {
    const auto shape = shapes.find(section.shape);
    if (shape == shapes.end()) {
      std::string known;
      for (const auto& [name, ignored] : shapes) known += (known.empty() ? "" : ", ") + name;
      return fail(Code::invalid_argument, "section \"" + section.name + "\" names shape \"" + section.shape +
                                              "\", which does not exist; there are: " + known);
    }
    found.push_back(shape->second);
  }
  return found;
}

// The manifest's wishes cut the grants down; what is granted without being asked for is worth a word.
std::vector<std::string> cut_down(const std::vector<std::string>& grants, const std::vector<std::string>& wishes,
                                  const Settings& settings, Log& log) {
  std::vector<std::string> unasked;
  auto kept = wished(grants, wishes, unasked);
  for (const std::string& grant : unasked)
    log.warn("connector.grant_not_asked",
             {{"connector", settings.name}, {"plugin", settings.plugin.manifest.name}, {"grant", grant}});
  return kept;
}

Result<std::unique_ptr<Plugged>> assemble(Settings settings, const json::Shapes& shapes, std::vector<Home*> homes,
                                          Log& log, Metrics& metrics) {
  if (homes.empty() || homes.size() > 256) return fail(Code::internal, "1 to 256 homes are needed");
  for (std::string& type : settings.identifiers) type = qualified(type, settings.name);
  auto found = shapes_of(settings, shapes);
  if (!found) return found.error();
  const auto wishes = settings.plugin.manifest;
  auto egress = Egress::make(cut_down(settings.egress, wishes.egress, settings, log), settings.networks);
  if (!egress) return egress.error();
  const auto files = cut_down(settings.files, wishes.files, settings, log);

  auto connector = std::make_unique<Plugged>(
      Plugged::Parts{std::move(settings), std::move(*found), std::move(*egress), std::move(homes)}, log, metrics);
  if (auto opened = connector->open_files(files); !opened) return opened.error();
  if (auto plugged = connector->plug(); !plugged) return plugged.error();
  return connector;
}

} // namespace

std::size_t places_for_calls(const Settings& settings) {
  constexpr std::size_t kMostThreads = 256; // of one blocking connector
  std::size_t most = settings.plugin.manifest.max_concurrency;
  if (settings.max_concurrency > 0) most = std::min<std::size_t>(most, settings.max_concurrency);
  if (settings.plugin.manifest.execution == Execution::blocking) most = std::min(most, kMostThreads);
  return std::max<std::size_t>(most, 1);
}

std::uint32_t threads_for_calls(const Settings& settings) {
  const bool blocking = settings.plugin.manifest.execution == Execution::blocking;
  return blocking ? static_cast<std::uint32_t>(places_for_calls(settings)) : 0;
}

Result<std::unique_ptr<Connector>> Connector::start(Settings settings, const json::Shapes& shapes,
                                                    std::vector<Home*> homes, Log& log, Metrics& metrics) {
  const std::string name = settings.name;
  const std::string plugin = settings.plugin.manifest.name + " " + settings.plugin.manifest.version;
  auto connector = assemble(std::move(settings), shapes, std::move(homes), log, metrics);
  if (!connector) {
    Error error = connector.error();
    error.origin = "connector " + name;
    error.message = "connector \"" + name + "\" (plugin " + plugin + "): " + error.message;
    return error;
  }
  log.info("connector.started",
           {{"connector", name}, {"plugin", plugin}, {"isolation", name_of((*connector)->settings().isolation)}});
  return std::unique_ptr<Connector>(std::move(*connector));
}

} // namespace plugboard::connector
