#include "core/cli/child.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/findings_view.hpp"
#include "core/cli/plugin_check.hpp"
#include "core/cli/plugin_folder.hpp"
#include "core/cli/plugin_scenario.hpp"
#include "core/conformance/suite.hpp"

#include <fstream>

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;
using conformance::Trial;

// A folder is built, and its author's own tests run.
Result<std::string> built(const fs::path& folder, const AuthorWords& words) {
  auto file = build_plugin_folder(folder, sdk_prefix(words));
  if (!file) return file;
  const auto tests = run_program({"ctest", "--test-dir", (folder / "build").string(), "--output-on-failure"});
  if (!tests) return tests.error();
  if (tests->exit_code != 0) return fail(Code::invalid_argument, "its own tests fail:\n" + tests->output);
  return file;
}

// The file alone, when something is wrong with that: its code is better not run.
Result<std::vector<Trial>> tried(const std::string& file, const fs::path& folder, const AuthorWords& words) {
  auto checked = check_plugin_file(file);
  if (!checked) return checked.error();
  std::vector<Trial> trials = {{"its file", checked->all()}};
  if (!checked->all().empty()) return trials;
  auto plugin = connector::inspect_plugin_file(fs::absolute(file).string());
  if (!plugin) return plugin.error();
  auto scenario = scenario_for(words, folder, plugin->manifest);
  if (!scenario) return scenario.error();
  const SystemClock clock;
  for (auto& trial : conformance::run_suite({*plugin, std::move(*scenario)}, clock)) trials.push_back(std::move(trial));
  const auto recorded = folder / "recorded.json";
  if (!words.scenario.empty() || !fs::exists(recorded)) return trials;
  scenario = scenario_at(recorded, plugin->manifest);
  if (!scenario) return scenario.error();
  trials.push_back(conformance::replay({std::move(*plugin), std::move(*scenario)}, clock));
  return trials;
}

bool are_kept(const std::vector<Trial>& trials) {
  for (const auto& trial : trials)
    if (!trial.findings.empty() || !trial.made) return false;
  return true;
}

} // namespace

int plugin_test(Scene& scene, const AuthorWords& words) {
  const auto complain = [&](const Error& error) {
    scene.err << "plugboard: " << error.message << (error.message.ends_with('\n') ? "" : "\n");
    return 1;
  };
  const bool is_folder = fs::is_directory(words.folder);
  const auto folder = is_folder ? fs::absolute(words.folder).lexically_normal() : fs::path();
  const auto file = is_folder ? built(folder, words) : Result<std::string>(words.folder);
  if (!file) return complain(file.error());
  const auto trials = tried(*file, is_folder ? folder : fs::path(words.folder).parent_path(), words);
  if (!trials) return complain(trials.error());
  if (!words.junit.empty() && !(std::ofstream(words.junit) << trials_as_junit(*file, *trials)))
    return complain(fail(Code::io, words.junit + " can't be written"));
  if (scene.json)
    scene.out << trials_as_json(*file, *trials) << "\n";
  else
    scene.out << trials_as_text(*file, *trials, scene.terminal);
  return are_kept(*trials) ? 0 : 1;
}

} // namespace plugboard::cli
