// A hub's configuration that holds one connector, as its author tries it: in a worker, with made-up customers whom a
// login of its own lets in, and with the systems that it asks stood in for. Pure but for write_trial.
#pragma once

#include "core/base/random.hpp"
#include "core/base/secret.hpp"
#include "core/cli/stand_in_names.hpp"
#include "core/conformance/scenario.hpp"
#include "core/connector/plugin_file.hpp"

#include <filesystem>
#include <map>

namespace plugboard::cli {

inline constexpr const char* kTrialLogin = "plugboard_run"; // the connector that lets customers in

struct Trial {
  connector::PluginFile plugin;
  conformance::Scenario scenario;
  StandInNames names{{}, {}};
  std::string key;     // of the client that asks
  Secret signing_key;  // of customers' tokens
  std::string ca_file; // whom the hub believes besides the system's authorities; empty: nobody
};

// The systems that its configuration names: every absolute URL in it.
std::vector<std::string> urls_of(const conformance::Scenario& scenario);

// What stands in plugboard.json. Error: invalid_argument: what can't be tried so, and what to do.
Result<std::string> trial_config(const Trial& trial);
std::map<std::string, std::string> trial_environment(const Trial& trial);

// A token that proves these identifiers, for an hour.
std::string trial_token(const Trial& trial, const std::vector<Identifier>& identifiers, WallTime now);

// folder: the hub's own, empty but for what the stand-in put there. plugins: where the login's plugin is.
Result<void> write_trial(const Trial& trial, const std::filesystem::path& folder, const std::filesystem::path& plugins);

} // namespace plugboard::cli
