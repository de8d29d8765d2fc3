#include "core/cli/plugin_noun.hpp"

namespace plugboard::cli {
namespace {

void add_authoring(CLI::App* plugin, AuthorWords& words, Command& chosen) {
  auto* make = verb(
      plugin, "new",
      "Make a folder NAME with a connector that builds and passes its tests, to be changed.\n"
      "Example: plugboard plugin new acme\nExample: plugboard plugin new acme_login --login",
      [&](Scene& scene) { return plugin_new(scene, words); }, chosen);
  make->add_option("name", words.name, "A small letter, then small letters, digits or _")->required();
  make->add_option("--language", words.language, "c or cpp")->check(CLI::IsMember({"c", "cpp"}))->capture_default_str();
  make->add_flag("--login", words.login, "It authenticates customers, in two steps, rather than looking them up");
  auto* build = verb(
      plugin, "build",
      "Build a plugin's folder with CMake, and print where its file lies.\nExample: plugboard plugin build acme",
      [&](Scene& scene) { return plugin_build(scene, words); }, chosen);
  build->add_option("folder", words.folder, "The folder of its CMakeLists.txt; this one when left out")
      ->check(CLI::ExistingDirectory);
  auto* test = verb(
      plugin, "test",
      "Hold a plugin to the rules of sdk/CONFORMANCE.md: its file, then what it does, run against a scripted host in\n"
      "processes of its own. A folder is built first, and its own tests run. 1 when it breaks one.\n"
      "Example: plugboard plugin test acme\nExample: plugboard plugin test build/acme.so --scenario conformance.json",
      [&](Scene& scene) { return plugin_test(scene, words); }, chosen);
  test->add_option("plugin", words.folder, "Its folder, or its file; this folder when left out")
      ->check(CLI::ExistingPath);
  test->add_option("--scenario", words.scenario, "What it is tried with; conformance.json of its folder when left out")
      ->check(CLI::ExistingFile);
  test->add_option("--junit", words.junit, "A file for machines: what was tried and what was found, as JUnit's XML");
  auto* run = verb(
      plugin, "run",
      "Run a plugin in a worker of a hub of its own, ask it what its conformance.json says, and show what comes; again "
      "at\n"
      "each save of something in its folder, until Ctrl-C. What it asks is answered as conformance.json says, too.\n"
      "Example: plugboard plugin run acme\nExample: plugboard plugin run acme --once --live",
      [&](Scene& scene) { return plugin_run(scene, words); }, chosen);
  run->add_option("folder", words.folder, "The folder of its CMakeLists.txt; this one when left out")
      ->check(CLI::ExistingDirectory);
  run->add_flag("--once", words.once, "Show it once, then end: 1 when a section could not be had");
  run->add_flag("--live", words.live, "Ask the systems that its configuration names, instead of conformance.json");
  run->add_option(
      "--record", words.record,
      "Ask those systems, and keep what they say in this file, which plugin test replays when it is called\n"
      "recorded.json: with other values for people's own, and for secrets");
  run->add_option("--scenario", words.scenario, "What it is tried with; conformance.json of its folder when left out")
      ->check(CLI::ExistingFile);
  for (auto* each : {make, build, test, run})
    each->add_option("--sdk", words.sdk, "Where the SDK is installed; where this program is when left out")
        ->envname("PLUGBOARD_SDK")
        ->check(CLI::ExistingDirectory);
}

} // namespace

void add_plugin(CLI::App& app, PluginWords& words, Command& chosen) {
  auto* plugin = app.add_subcommand("plugin", "Shared libraries with a manifest")->require_subcommand(1);
  verb(plugin, "list", "The plugins this hub has.\nExample: plugboard plugin list", plugin_list, chosen);
  auto* info = verb(
      plugin, "info",
      "What a plugin says of itself; a file is read without running it.\nExample: plugboard plugin info ./acme.so",
      [&](Scene& scene) { return plugin_info(scene, words.plugin); }, chosen);
  info->add_option("plugin", words.plugin, "A name in the hub, or a file")->required();
  auto* check = verb(
      plugin, "check",
      "All that is wrong with a plugin's file, which is read without running any of it; 1 when there is something.\n"
      "Example: plugboard plugin check build/plugins/acme/1.0.0/acme.so",
      [&](Scene& scene) { return plugin_check(scene, words.file); }, chosen);
  check->add_option("file", words.file, "The library")->required()->check(CLI::ExistingFile);
  add_authoring(plugin, words.author, chosen);
}

} // namespace plugboard::cli
