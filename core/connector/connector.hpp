// Station 7: a plugin configured under a name of its own. One call: limits, then the plugin through the ABI's table,
// then what came back is read strictly, held against shape, echo and declared yields. Nothing a plugin does (complete
// twice, late, never, from any thread, with garbage) reaches further than its own call.
#pragma once

#include "core/base/deadline.hpp"
#include "core/base/log.hpp"
#include "core/base/metrics.hpp"
#include "core/base/secret.hpp"
#include "core/base/trace_context.hpp"
#include "core/connector/authentication.hpp"
#include "core/connector/containment.hpp"
#include "core/connector/health.hpp"
#include "core/connector/home.hpp"
#include "core/connector/identifier_rules.hpp"
#include "core/connector/input.hpp"
#include "core/connector/kept_values.hpp"
#include "core/connector/libraries.hpp"
#include "core/connector/outcome.hpp"
#include "core/connector/plugin_file.hpp"
#include "core/connector/rate.hpp"
#include "core/connector/steadiness.hpp"
#include "core/connector/steady_rules.hpp"
#include "core/connector/subject.hpp"
#include "core/json/shape.hpp"

#include <functional>
#include <map>
#include <memory>

namespace plugboard::connector {

struct Settings {
  std::string name; // "crm"
  PluginFile plugin;
  std::string config; // JSON object for the plugin; secrets are {"secret": "HANDLE"} already
  std::map<std::string, std::function<Result<Secret>()>> secrets; // by handle; asked each time
  // Keeps a new value for one of them, which asking gives from then on; told on any thread, when it is on the disk.
  // Empty: nothing is kept.
  std::function<void(const std::string& handle, Secret value, std::function<void(Result<void>)> done)> replace_secret;
  std::shared_ptr<KeptValues> kept;  // null: nothing is kept for it
  std::vector<std::string> egress;   // granted: "https:HOST", "h2c:HOST:PORT", "tcp:HOST:PORT"
  std::vector<std::string> networks; // "10.1.0.0/16": what is not public, and granted names may lead to
  UpstreamRates rates;               // with the manifest's wish in it
  std::vector<std::string> files;    // granted: "ro:PATH", "ro:FOLDER/"
  std::string files_root;            // relative granted paths start here
  std::vector<SectionSpec> sections;
  std::vector<NeedGroup> subject_needs; // export, erase: every group must be met
  std::vector<std::string> identifiers; // authenticate: types it may give
  std::shared_ptr<const IdentifierRules> identifier_rules = std::make_shared<const IdentifierRules>();
  Duration timeout = std::chrono::seconds(10); // one call at most
  unsigned max_concurrency = 0;                // 0: the manifest's
  SteadyRules steady;
  std::size_t max_reply_bytes = 1 << 20;
  Duration health_every = std::chrono::seconds(30); // how often it is asked how it is
  Duration file_poll = std::chrono::seconds(1);
  std::shared_ptr<Libraries> libraries; // of the hub; null: the plugin is mapped anew
  Isolation isolation = Isolation::in_process;
  std::shared_ptr<Workers> workers; // not in process: how; shared by all connectors
  wire::Limits limits{
      .memory_bytes = std::uint64_t{512} << 20, .threads = 64, .descriptors = 256, .cpu_percent = 100}; // of a worker
};

// How many of its calls may run at once; of a blocking plugin, so many threads.
std::size_t places_for_calls(const Settings& settings);
std::uint32_t threads_for_calls(const Settings& settings); // 0: it is async

struct Caller { // who asks, and what for: the same for all lookups of one context
  std::string tenant{}, purpose{}, actor{}, language{}, context_id{};
  TraceContext trace{};
};

using CallerPtr = std::shared_ptr<const Caller>;

struct LookupRequest {
  CallerPtr caller = std::make_shared<const Caller>();
  std::size_t section = 0;             // index into sections()
  std::vector<Identifier> identifiers; // only what the section needs
  std::string params = "{}";           // a JSON object, read strictly before
  std::vector<Input> inputs{};         // of a section that is computed from others
};

enum class State : std::uint8_t { ready = 1, stopped };

struct Counts { // since start
  std::uint64_t calls = 0, failures = 0, protocol_violations = 0, in_flight = 0, waiting = 0;
};

class Connector {
 public:
  // Loads (full path, RTLD_NOW | RTLD_LOCAL), creates and starts. May block: start-up and reload only.
  // shapes: must hold every section's. Error: what the plugin or its file said, with the connector's name.
  static Result<std::unique_ptr<Connector>> start(Settings settings, const json::Shapes& shapes,
                                                  std::vector<Home*> homes, Log& log, Metrics& metrics);
  virtual ~Connector() = default; // stop() must have returned

  virtual const Settings& settings() const = 0;
  virtual Counts counts() const = 0;
  virtual State state() const = 0;
  virtual Containment containment() const = 0; // [any thread]

  virtual Steadiness steadiness() const { return {}; } // [any thread]

  virtual Health health() const { return {}; } // [any thread]

  using CallId = std::uint64_t; // 0: none
  // [home's thread] done runs once on home's thread, perhaps before the call returns (an async plugin that answers
  // from memory), at the latest shortly after min(deadline, timeout).  The caller keeps no timer for it: when the
  // caller's own deadline has passed it may cancel().
  virtual CallId lookup(LookupRequest request, Deadline deadline, Home& home, std::function<void(Outcome)> done) = 0;
  virtual CallId authenticate(AuthenticateRequest request, Deadline deadline, Home& home, AuthenticateDone done) = 0;
  virtual CallId logout(LogoutRequest request, Deadline deadline, Home& home, LogoutDone done) = 0;
  // For as long as the caller gives it: all that a system holds takes longer than a section of it.
  virtual CallId subject(SubjectRequest request, Deadline deadline, Home& home, SubjectDone done) = 0;
  // How it is, by its own word; not offered, if it has none to give.
  virtual CallId check_health(Deadline deadline, Home& home, HealthDone done) = 0;
  // [the home's thread of that call] The answer is no longer awaited: done will not run. What the call was doing
  // outside is cancelled; its late reply is counted and dropped.
  virtual void cancel(CallId id) = 0;

  // [not an I/O thread] Ends calls under way as unavailable, stops and destroys the plugin. Twice is fine.
  virtual void stop() = 0;
};

} // namespace plugboard::connector
