// `plugboard plugin run`: a hub that holds this connector alone, in a worker, with made-up customers; its sections are
// shown, and shown again whenever something in its folder is saved.
#include "core/base/ids.hpp"
#include "core/base/on_exit.hpp"
#include "core/cli/commands.hpp"
#include "core/cli/context_view.hpp"
#include "core/cli/end_signals.hpp"
#include "core/cli/own_folder.hpp"
#include "core/cli/plugin_check.hpp"
#include "core/cli/plugin_folder.hpp"
#include "core/cli/plugin_scenario.hpp"
#include "core/cli/recording.hpp"
#include "core/cli/stand_in.hpp"
#include "core/cli/trial.hpp"
#include "core/cli/trial_hub.hpp"
#include "core/cli/trial_inputs.hpp"
#include "core/json/reader.hpp"
#include "core/json/writer.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace plugboard::cli {
namespace {

namespace fs = std::filesystem;

constexpr int kDeadlineMs = 10'000;
constexpr std::chrono::milliseconds kLook{300}; // for something that was saved

// What lies in a folder, and since when; its build is what we make ourselves.
using Sources = std::map<std::string, std::pair<fs::file_time_type, std::uintmax_t>>;

Sources sources_of(const fs::path& folder) {
  Sources sources;
  std::error_code ignored;
  for (auto entry = fs::recursive_directory_iterator(folder, ignored); entry != fs::recursive_directory_iterator();
       entry.increment(ignored)) {
    const auto name = entry->path().filename().string();
    if (entry->is_directory(ignored) && (name == "build" || name.starts_with("."))) entry.disable_recursion_pending();
    if (entry->is_regular_file(ignored))
      sources[entry->path().string()] = {entry->last_write_time(ignored), entry->file_size(ignored)};
  }
  return sources;
}

enum class Systems : std::uint8_t { scripted = 1, asked, listened_to };

// One version of the plugin, as it runs. Ends from below: hub, stand-in, folder.
struct Running {
  Systems systems = Systems::scripted;
  OwnFolder folder;
  Trial trial;
  std::unique_ptr<StandIn> stand_in; // null: its own systems are asked
  std::unique_ptr<TrialHub> hub;
};

struct Shown {
  std::string text, json;
  bool good = true;
  std::vector<conformance::Expected> gives{}; // by lookup
};

bool is_good(std::string_view status) {
  return status == "ok" || status == "not_found" || status == "ambiguous";
}

class PluginRun {
 public:
  PluginRun(Scene& scene, const AuthorWords& words)
      : scene_(scene), words_(words), folder_(fs::absolute(words.folder).lexically_normal()) {}

  // A signal that came is obeyed once all is put away.
  int run() {
    const EndSignals signals;
    const OnExit put_away([this] { running_.reset(); });
    for (;;) {
      const auto sources = sources_of(folder_);
      const bool good = one_round();
      if (words_.once || !words_.record.empty()) return good ? 0 : 1;
      if (!scene_.json)
        scene_.out << scene_.terminal.paint(Colour::dim, "It is asked again at each save; Ctrl-C ends.") << "\n"
                   << std::flush;
      while (sources_of(folder_) == sources)
        if (signals.came_within(kLook)) return 0;
      if (signals.came_within(kLook)) return 0; // whoever saves several files is let finish
    }
  }

 private:
  bool one_round() {
    auto next = begin();
    if (!next) return complain(next.error()); // what ran goes on until something better comes
    running_ = std::move(*next);
    const auto shown = ask();
    scene_.out << (scene_.json ? shown.json + "\n" : shown.text) << std::flush;
    if (words_.record.empty()) return shown.good;
    if (auto kept = record(shown.gives); !kept) return complain(kept.error());
    return shown.good;
  }

  bool complain(const Error& error) const {
    scene_.err << "plugboard: " << error.message << (error.message.ends_with('\n') ? "" : "\n");
    return false;
  }

  // What was heard is tried at once, as it is to be kept: what the lookups give then is what they are to give.
  Result<void> record(const std::vector<conformance::Expected>& live) {
    SystemRandom random;
    const auto heard = running_->stand_in->heard();
    const Recording recording(running_->trial.scenario, heard, random);
    auto scenario = conformance::read_scenario(recording.text({}), running_->trial.plugin.manifest);
    if (!scenario) return fail(Code::internal, "what was recorded is no scenario: " + scenario.error().message);
    auto again = begin(running_->trial.plugin, std::move(*scenario), Systems::scripted);
    if (!again) return again.error();
    running_ = std::move(*again);
    const auto replayed = ask().gives;
    for (std::size_t i = 0; i < live.size(); ++i)
      if (i >= replayed.size() || replayed[i].status != live[i].status)
        return fail(Code::conflict, "a lookup that was " + live[i].status + " is " +
                                        (i < replayed.size() ? replayed[i].status : "nothing") +
                                        " with other people's values; nothing was recorded");
    if (!(std::ofstream(words_.record) << recording.text(replayed) << std::flush))
      return fail(Code::io, words_.record + " can't be written");
    if (!scene_.json)
      scene_.out << heard.size() << " answers are recorded in " << words_.record
                 << ", with other values for people's own and for secrets: look through it before you share it\n";
    return {};
  }

  Result<std::unique_ptr<Running>> begin() const {
    const auto file = build_plugin_folder(folder_, sdk_prefix(words_));
    if (!file) return file.error();
    auto checked = check_plugin_file(*file);
    if (!checked) return checked.error();
    if (!checked->all().empty())
      return fail(Code::invalid_argument,
                  "something is wrong with its file; plugboard plugin check " + *file + " says what");
    auto plugin = connector::inspect_plugin_file(*file);
    if (!plugin) return plugin.error();
    auto scenario = scenario_for(words_, folder_, plugin->manifest);
    if (!scenario) return scenario.error();
    return begin(std::move(*plugin), std::move(*scenario),
                 !words_.record.empty() ? Systems::listened_to
                 : words_.live          ? Systems::asked
                                        : Systems::scripted);
  }

  static Result<std::unique_ptr<Running>> begin(connector::PluginFile plugin, conformance::Scenario scenario,
                                                Systems systems) {
    auto running = std::make_unique<Running>();
    running->systems = systems;
    auto& trial = running->trial;
    trial.plugin = std::move(plugin);
    trial.scenario = std::move(scenario);
    if (has_inputs(trial.scenario)) {
      if (systems != Systems::scripted)
        return fail(Code::invalid_argument,
                    "leave out --live and --record: a section of this plugin is computed from others, and "
                    "what they say is the \"inputs\" of conformance.json");
      add_inputs(trial.scenario);
    }
    SystemRandom random;
    trial.key = new_token("pbk_", random).reveal();
    trial.signing_key = new_token("pbk_", random);
    const auto& place = running->folder.path();
    if (systems != Systems::asked) {
      auto stand_in = systems == Systems::scripted ? StandIn::scripted(trial.scenario.upstream, place)
                                                   : StandIn::listening(urls_of(trial.scenario), place);
      if (!stand_in) return stand_in.error();
      running->stand_in = std::move(*stand_in);
      trial.names = running->stand_in->names();
      trial.ca_file = "stand_in.pem";
    }
    if (auto written = write_trial(trial, place, plugins_folder()); !written) return written.error();
    auto hub = TrialHub::start(own_prefix() / "bin/plugboardd", place, trial_environment(trial));
    if (!hub) return hub.error();
    running->hub = std::move(*hub);
    running->hub->said_of(""); // what it said of its start is of no use
    return running;
  }

  static fs::path plugins_folder() { // of the hub: installed, or as it was built
    const auto installed = own_prefix() / "lib/plugboard/plugins";
    return fs::is_directory(installed) ? installed : own_prefix() / "plugins";
  }

  Shown ask() const {
    const auto& trial = running_->trial;
    const auto& manifest = trial.plugin.manifest;
    Places places;
    places.server = running_->hub->server();
    places.key = trial.key;
    const Ask hub(places);
    Shown shown;
    shown.text = headline();
    json::Writer writer(shown.json);
    writer.begin_object().member("plugin", manifest.name).member("version", manifest.version);
    writer.key("contexts").begin_array();
    if (manifest.lookup || manifest.derive)
      for (const auto& lookup : trial.scenario.lookups) show_lookup(hub, lookup, shown, writer);
    writer.end_array().key("logins").begin_array();
    if (manifest.authenticate)
      for (const auto& proof : trial.scenario.proofs) show_proof(hub, proof, shown, writer);
    writer.end_array().key("log").begin_array();
    for (const auto& sentence : running_->hub->said_of(manifest.name)) {
      writer.value(sentence);
      shown.text += scene_.terminal.paint(Colour::dim, "log: " + harmless(sentence)) + "\n";
    }
    writer.end_array().member("good", shown.good).end_object();
    return shown;
  }

  std::string headline() const {
    const auto& manifest = running_->trial.plugin.manifest;
    std::string text = scene_.terminal.paint(Colour::bold, manifest.name + " " + manifest.version) + " in a worker";
    if (running_->systems == Systems::asked) return text + ", its own systems are asked\n";
    if (running_->systems == Systems::listened_to)
      text += ", its own systems are asked and listened to\n";
    else
      text += running_->trial.names.all().empty() ? "; its scenario scripts no \"upstream\"\n"
                                                  : "; its scenario stands in for\n";
    for (const auto& each : running_->trial.names.all())
      text += "  " + harmless(each.there) + ", here " + each.here() + "\n";
    return text;
  }

  void failed(const Result<Reply>& reply, Shown& shown, json::Writer& writer) const {
    shown.good = false;
    const auto why = reply ? reply->body : reply.error().message;
    shown.text += scene_.terminal.paint(Colour::red, harmless(why)) + "\n";
    writer.begin_object().member("error", why).end_object();
  }

  void not_given(const Result<Reply>& reply, Shown& shown, json::Writer& writer) const {
    shown.gives.push_back({"refused", {}});
    failed(reply, shown, writer);
  }

  void show_lookup(const Ask& hub, const conformance::Question& lookup, Shown& shown, json::Writer& writer) const {
    std::string login;
    json::Writer(login)
        .begin_object()
        .member("connector", kTrialLogin)
        .key("credential")
        .begin_object()
        .member("token", trial_token(running_->trial, lookup.identifiers, SystemClock().wall()))
        .end_object()
        .end_object();
    const auto started = hub.agent("POST", "/v1/sessions", login);
    if (!started || started->status != 201) return not_given(started, shown, writer);
    json::Reader reader;
    const auto session = reader.read(started->body);
    std::string body;
    json::Writer(body)
        .begin_object()
        .member("session", (*session)["session"].string().value_or(""))
        .member("deadline_ms", kDeadlineMs)
        .key("sections")
        .begin_array()
        .begin_object()
        .member("name", running_->trial.plugin.manifest.name + "." + lookup.section)
        .key("params")
        .raw(lookup.params)
        .end_object()
        .end_array()
        .end_object();
    const auto answered = hub.agent("POST", "/v1/context", body);
    if (!answered || answered->status != 200) return not_given(answered, shown, writer);
    const auto context = reader.read(answered->body);
    (*context)["sections"].each_member([&](std::string_view, json::Value section) {
      const auto status = section["status"].string().value_or("");
      shown.good = shown.good && is_good(status);
      const auto data = section["data"];
      shown.gives.push_back({std::string(status), data ? json::to_text(data) : ""});
    });
    shown.text += view_context(*context, scene_.terminal, true) + "\n";
    writer.raw(answered->body);
  }

  // A login may be refused by right: what came is shown, and only a hub or system that fails is a fault.
  void show_proof(const Ask& hub, const conformance::Question& proof, Shown& shown, json::Writer& writer) const {
    std::string body;
    json::Writer(body)
        .begin_object()
        .member("connector", running_->trial.plugin.manifest.name)
        .key("credential")
        .raw(proof.credential)
        .end_object();
    const auto answered = hub.agent("POST", "/v1/sessions", body);
    constexpr std::array kAnswers{201, 202, 401, 403};
    if (!answered || std::find(kAnswers.begin(), kAnswers.end(), answered->status) == kAnswers.end())
      return failed(answered, shown, writer);
    json::Reader reader;
    const auto page = reader.read(answered->body);
    shown.text += "login " + harmless(proof.credential) + ": ";
    if (answered->status == 201)
      shown.text +=
          scene_.terminal.paint(Colour::green, "proved") + "\n" + view_customer((*page)["customer"], scene_.terminal);
    else if (answered->status == 202)
      shown.text += scene_.terminal.paint(Colour::green, "one more step") + " " +
                    harmless(json::to_text((*page)["challenge"])) + "\n";
    else
      shown.text += scene_.terminal.paint(Colour::yellow, harmless((*page)["title"].string().value_or(""))) + "\n";
    writer.begin_object().member("status", answered->status).key("answer").raw(answered->body).end_object();
  }

  Scene& scene_;
  const AuthorWords& words_;
  const fs::path folder_;
  std::unique_ptr<Running> running_;
};

} // namespace

int plugin_run(Scene& scene, const AuthorWords& words) {
  return PluginRun(scene, words).run();
}

} // namespace plugboard::cli
