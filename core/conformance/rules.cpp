#include "core/conformance/rules.hpp"

#include <algorithm>
#include <array>
#include <cassert>

namespace plugboard::conformance {
namespace {

constexpr std::size_t kMostFindings = 200;
constexpr std::size_t kMostSeen = 600; // bytes

constexpr std::array kRules = {
    // Read from the file, before any of it runs.
    Rule{"file.library", "It is a shared ELF library for this kind of machine, and whole.",
         "Build it here with plugboard_add_plugin(), and copy it whole."},
    Rule{"note.missing", "It carries a plugboard note.",
         "Build it with plugboard_add_plugin(), which writes manifest and ABI into the file."},
    Rule{"note.intact", "It carries one note, whose hash is that of its bytes.",
         "Build it again, and change nothing in the file after that."},
    Rule{"abi.major", "It was built for the ABI's major version that this hub speaks.",
         "Build it with an SDK of this hub's version."},
    Rule{"manifest.json", "Its note holds JSON that can be relied on: no member stands twice.",
         "Mend manifest.json or config.schema.json there."},
    Rule{"manifest.schema", "Its manifest follows manifest.schema.json.", "Mend manifest.json there."},
    Rule{"manifest.identifiers", "Identifier types are published ones, or of the form CONNECTOR.NAME.",
         "Write a published type, or \".NAME\" for one of this connector's own."},
    Rule{"manifest.shapes", "Sections follow shapes that this hub knows.",
         "Name a published shape; record/v1 takes any object."},
    Rule{"manifest.inputs",
         "What sections are computed from is said with sound names and, under one name, in one shape.",
         "Give inputs of different shapes different names."},
    Rule{"manifest.hub", "This hub takes its manifest.", "Mend manifest.json as it is said."},
    Rule{"config.schema", "Its configuration's schema is JSON Schema 2020-12, of the part that a hub enforces.",
         "Mend config.schema.json there; a keyword that can't be enforced is better said in a description."},
    Rule{"symbols.entry", "It exports plugboard_connector_entry_v1.",
         "End one source file with PLUGBOARD_EXPORT(…), or define that function in C."},
    Rule{
        "symbols.exported", "It exports nothing else.",
        "Link it with the SDK's version script, as plugboard_add_plugin() does: what else is exported can stand in for "
        "another library's."},
    Rule{"symbols.unique", "None of its symbols is unique to the process.",
         "Compile with -fno-gnu-unique and link with the SDK's version script: two plugins would share that variable."},
    Rule{"link.needed", "It needs only libraries of the distribution, by their names.",
         "Link what else it needs statically: a worker's sandbox has the system's libraries only."},
    Rule{"link.search_path", "It names no folder to look for libraries in.",
         "Set CMAKE_SKIP_RPATH, or link without -rpath: such a folder is of the machine it was built on."},
    Rule{"link.stack", "Its stack is not executable.",
         "Give each assembler source a .note.GNU-stack section, and link without -z execstack."},
    Rule{"link.text_relocations", "Its code is not written to when it is loaded.",
         "Compile all of it with -fPIC, and link without -z notext."},
    Rule{"link.build_id", "It has a build-id.", "Link with -Wl,--build-id=sha1, as plugboard_add_plugin() does."},
    // Seen while it runs.
    Rule{"process.survives", "Whatever it is asked, its process lives on and comes to an end.",
         "Run its own tests with -fsanitize=address,undefined: something is thrown through the C table, or written "
         "where it should not be."},
    Rule{"life.table", "Its entry returns a table that a hub takes.",
         "Fill the table as <plugboard/abi.h> says; PLUGBOARD_EXPORT(…) does."},
    Rule{"life.start", "It starts with a configuration that follows its schema, as often as it is asked to.",
         "Mend conformance.json, or what create and start make of it."},
    Rule{"life.leaks", "A thousand lives leave no memory, thread or open file behind.",
         "Release in destroy what create made; join threads in stop."},
    Rule{"call.answered", "Each call is answered.", "Complete each call on every way through the code."},
    Rule{"call.once", "Each call is completed once.", "Return after completing a call."},
    Rule{"call.dropped", "No call is dropped, and no exception leaves one.",
         "Complete the call with a Failure that says what happened, rather than throwing."},
    Rule{"call.returns", "An async plugin's call() returns at once.",
         "Use send() with a handler, or write \"execution\": \"blocking\"."},
    Rule{"call.deadline", "A call whose time is over ends.", "Answer with the timeout that the host's service told."},
    Rule{"call.cancel", "A call that is cancelled ends.",
         "Answer when the host's service says cancelled; wait with request.cancelled()."},
    Rule{"call.after_stop", "After stop() has returned nothing is answered.",
         "Join threads in stop(), and wait there for the calls that are open."},
    Rule{"call.concurrent", "As many calls at once as max_concurrency says are each answered as they would be alone.",
         "Protect what calls share, or lower max_concurrency."},
    Rule{"reply.protocol", "A hub takes its answers: JSON that can be relied on, declared identifiers, known statuses.",
         "Mend the answer, or declare what it yields."},
    Rule{"reply.shape", "A section's data follows its shape.",
         "Mend the data; members unknown are left out, never null."},
    Rule{"reply.customer", "A section is about the customer that was asked for.",
         "Look up by the identifier that was given, and fail when another's record comes."},
    Rule{"reply.expected", "A lookup gives what its scenario says that it gives.",
         "Mend the lookup, or what is expected of it under \"gives\"; a recording is made anew with plugin run "
         "--record."},
    Rule{"health.answered", "Asked how it is, it answers, once.",
         "Complete a check on every way through its code; with a failure, say what its operator is to do."},
    Rule{"subject.answered", "Export and erasure are answered with what a hub takes.",
         "Export a JSON object; say of an erasure how many records are gone, and which stay and why."},
    Rule{"subject.again", "What is erased already is no failure.", "Answer not_found, or that nothing was erased."},
    Rule{"manifest.operations", "What is not declared is answered `unsupported`.",
         "Declare the operation in manifest.json, or do not offer it."},
    Rule{"manifest.sections", "It answers for no section but those declared.",
         "Compare request.section() with the sections of the manifest."},
    Rule{"manifest.hosts", "It asks only hosts that its manifest wishes for.",
         "Add the host to \"grants\": \"egress\"."},
    Rule{"upstream.unauthorized", "That an upstream refused our credentials is told: 401, 403.",
         "Answer upstream_unauthorized."},
    Rule{"upstream.not_found", "That an upstream does not know the customer is told: 404.", "Answer not_found."},
    Rule{"upstream.refused", "An upstream's other refusals are failures, 408 among them.",
         "Take 2xx alone for an answer."},
    Rule{"upstream.rate_limited",
         "That an upstream wants to be left alone is told, and for how long: 429, Retry-After.",
         "Answer upstream_rate_limited with retry_after."},
    Rule{"upstream.failed", "That an upstream failed is told: 500, 503.", "Answer upstream_failed."},
    Rule{"upstream.redirect", "A redirect is no answer.", "Take 2xx alone for an answer."},
    Rule{"upstream.garbage", "What an upstream says that is no JSON, or half of it, becomes no section.",
         "Answer upstream_malformed, or hand the text on as verbatim: then the hub judges it."},
    Rule{"upstream.passed_on", "What the host's service says instead of an answer is passed on.",
         "Answer with response.error()."},
    Rule{"derive.inputs",
         "A section is computed without its optional inputs, too, and a broken one ends no call badly.",
         "Look whether request.input(NAME) is there, and read what it holds as if it could be anything."},
    Rule{"secrets.kept", "No log line and no message holds a secret, a credential or an upstream's text.",
         "Say what happened in words of your own."},
};

} // namespace

std::span<const Rule> rules() {
  return kRules;
}

const Rule& rule(std::string_view id) {
  const auto* found = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& each) { return each.id == id; });
  assert(found != kRules.end());
  return *found;
}

void Findings::add(std::string_view rule, std::string seen, std::string where) {
  if (all_.size() >= kMostFindings) return;
  if (seen.size() > kMostSeen) seen = seen.substr(0, kMostSeen) + "…";
  all_.push_back({conformance::rule(rule).id, std::move(where), std::move(seen)});
}

bool Findings::has(std::string_view rule) const {
  return std::any_of(all_.begin(), all_.end(), [&](const Finding& finding) { return finding.rule == rule; });
}

} // namespace plugboard::conformance
