#include "core/base/clock.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/connector_view.hpp"
#include "core/cli/listing.hpp"
#include "core/json/reader.hpp"

namespace plugboard::cli {

namespace {

constexpr std::string_view kConnectors = "/admin/v1/connectors";

} // namespace

int connector_list(Scene& scene) {
  auto reply = scene.ask.admin("GET", kConnectors);
  const int code = show_list(scene, reply, "connectors", connector_heads(), connector_row);
  json::Reader reader;
  if (code != 0 || scene.json) return code;
  const auto body = reader.read(reply->body);
  const auto banner = body ? text_of((*body)["banner"]) : "";
  if (!banner.empty()) scene.out << "\n" << scene.terminal.paint(Colour::yellow, banner) << "\n";
  return code;
}

int connector_show(Scene& scene, const std::string& name) {
  return show_one(scene, scene.ask.admin("GET", kConnectors), "connector", name, [&](json::Value connector) {
    return view_connector(connector, scene.terminal, SystemClock().wall());
  });
}

} // namespace plugboard::cli
