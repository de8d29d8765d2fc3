// What a plugin is tried with: a configuration, what it may ask for, how its upstream answers, and whom it is asked
// about. Its author writes that into conformance.json; what is left out is made of the manifest. Values.
#pragma once

#include "core/base/result.hpp"
#include "core/conformance/bench_host.hpp"
#include "core/connector/plugin_file.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::conformance {

struct Exchange {                    // an answer of the upstream's
  std::string url;                   // how the URLs begin that are answered so
  std::string method{};              // empty: by whichever it was asked
  std::optional<std::string> sent{}; // the request's body; none: whichever it was
  Scripted answer{};
};

struct Expected {     // of a lookup, as a hub shows it
  std::string status; // "ok"; empty: nothing is expected
  std::string data{}; // a JSON object; empty: whichever it is
};

struct Scenario {
  std::string config = "{}";                  // as a plugin is given it
  std::string written = "{}";                 // as an operator writes it, with {"env": NAME} for secrets
  std::map<std::string, std::string> secrets; // by handle, as they stand in the configuration
  std::map<std::string, std::string> files;   // by path
  std::map<std::string, std::string> folders; // "data/" as it is granted → where it is
  std::vector<Exchange> upstream;             // the first that fits; else 404
  std::vector<Question> lookups;
  std::vector<Expected> expected;               // by lookup
  std::vector<Question> proofs;                 // authenticate
  std::vector<Identifier> subject;              // export, erase: whose data
  std::vector<connector::SectionSpec> sections; // of manifest or configuration
};

// PLUGBOARD_LOOKUP or, of a section that is computed from others, PLUGBOARD_DERIVE.
std::int32_t operation_for(const Scenario& scenario, const Question& lookup);

// "https:crm.example" of "https://crm.example/a?b": as grants name a system.
std::string grant_of(std::string_view url);

bool same_body(std::string_view one, std::string_view other); // as JSON whatever the order of members

// The answer to this: the first of just this URL, else the first that fits; null: none does, which is a 404.
const Scripted* answer_to(const Sent& sent, const std::vector<Exchange>& upstream);

// text: conformance.json; empty: there is none. Error: malformed, what is wrong where.
Result<Scenario> read_scenario(std::string_view text, const connector::Manifest& manifest);

} // namespace plugboard::conformance
