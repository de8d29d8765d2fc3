#include "tests/reliability/jailbreak/walk.hpp"

#include "core/wire/abi_text.hpp"
#include "tests/reliability/jailbreak/prey.hpp"
#include "tests/support/json.hpp"
#include "tests/support/worker_cell.hpp"

namespace plugboard::jailbreak {

using wire::Layer;

LayerSet all_layers() {
  LayerSet all;
  for (std::size_t i = 1; i <= wire::kLayers; ++i) all.insert(static_cast<Layer>(i));
  return all;
}

std::string names_of(const LayerSet& layers) {
  std::string names;
  for (const Layer layer : layers) names.append(names.empty() ? "" : " ").append(wire::name_of(layer));
  return names;
}

Walk walk(const LayerSet& without) {
  wire::Launch launch;
  launch.connector = "probe";
  launch.without.assign(without.begin(), without.end());
  launch.limits = {std::uint64_t{256} << 20, 16, 64, 0};
  launch.uid = without.contains(Layer::user) ? 0 : test::a_users_number();
  const Prey prey(launch.uid);
  launch.folders = {prey.granted()};
  test::WorkerCell cell(PROBE, launch);
  if (!cell.refused().empty()) return {{}, {}, cell.refused()};
  Walk walk;
  for (const auto& [layer, state] : cell.layers())
    if (state.present) walk.present.insert(layer);
  const bool own_root = cell.has(Layer::mount);
  auto targets = prey.targets();
  targets["granted"] = own_root ? wire::folder_in_worker(0) : prey.granted();
  targets["own_code"] = own_root ? "/plugin.so" : PROBE;
  targets["launcher_pid"] = std::to_string(cell.launcher());
  wire::Setup setup;
  setup.plugin = "probe";
  setup.version = "1.0.0";
  setup.config = "{}";
  setup.max_reply_bytes = 1 << 20;
  if (walk.fault = cell.set_up(setup); !walk.fault.empty()) return walk;
  const plugboard_identifier customer{wire::str("customer_id"), wire::str("1"), wire::str("test"), 1, 0};
  const auto said = cell.look_up("attempts", customer, as_json(targets));
  if (!said) {
    walk.fault = "the worker ended in the middle of it, with " + std::to_string(cell.ended());
    return walk;
  }
  const test::Json answer = test::Json::parse(*said);
  for (const std::string& name : answer.names(""))
    if (name != "customer") walk.met[name] = static_cast<int>(answer.integer("/" + name));
  return walk;
}

} // namespace plugboard::jailbreak
