#include "core/connector/examine.hpp"
#include "core/json/fields.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace plugboard::connector {
namespace {

constexpr std::size_t kMostName = 512; // bytes of an issuer or a subject
constexpr std::size_t kMostMethods = 16;
constexpr std::size_t kMostMethod = 64;
constexpr std::size_t kMostState = std::size_t{32} * 1024;
constexpr std::size_t kMostChallenge = std::size_t{16} * 1024;
constexpr std::int64_t kLatest = 253'402'300'799; // the last second of the year 9999

bool is_assurance(std::string_view text) { // what a plugin may prove; "asserted" is a client's word, never a proof
  constexpr std::array<std::string_view, 3> kLevels{"aal1", "aal2", "aal3"};
  return std::find(kLevels.begin(), kLevels.end(), text) != kLevels.end();
}

void read_methods(json::Fields& fields, std::vector<std::string>& methods) {
  const json::Value list = fields.array("methods");
  if (list.size() > kMostMethods) fields.refuse("methods", "has too many elements");
  list.each_element([&](json::Value element) {
    const auto method = element.string();
    if (!method || method->empty() || method->size() > kMostMethod)
      fields.refuse("methods", "must be a list of short strings");
    else
      methods.emplace_back(*method);
  });
}

Result<Proof> read_proof(json::Value value) {
  json::Fields fields(value, "");
  Proof proof;
  proof.issuer = fields.required_string("issuer");
  proof.subject = fields.required_string("subject");
  proof.assurance = fields.required_string("assurance");
  if (fields.ok() && (proof.issuer.size() > kMostName || proof.subject.size() > kMostName))
    fields.refuse("subject", "is too long");
  if (fields.ok() && !is_assurance(proof.assurance)) fields.refuse("assurance", "must be aal1, aal2 or aal3");
  read_methods(fields, proof.methods);
  const auto since = fields.integer("authenticated_at", 1, kLatest);
  if (!since) fields.refuse("authenticated_at", "must say when, in unix seconds");
  proof.authenticated_at = since.value_or(0);
  proof.expires_at = fields.integer("expires_at", 1, kLatest);
  proof.session = fields.string("session").value_or("");
  if (fields.ok() && proof.session.size() > kMostName) fields.refuse("session", "is too long");
  if (auto finished = fields.finish(); !finished) return finished.error();
  return proof;
}

// What is wrong with what the client would see, or "". A redirect must lead a browser to a web page and run nothing.
std::string fault_of_challenge(json::Value shown) {
  const auto type = shown["type"].string();
  if (type == "code") return {};
  if (type != "redirect") return "/type: must be \"redirect\" or \"code\"";
  const auto url = shown["url"].string();
  const bool leads_to_a_page = url && (url->starts_with("https://") || url->starts_with("http://"));
  return leads_to_a_page ? "" : "/url: must be where the customer's browser goes, an http or https address";
}

Result<Challenge> read_challenge(json::Value value) {
  json::Fields fields(value, "");
  Challenge challenge;
  challenge.state = fields.required_string("state");
  if (challenge.state.size() > kMostState) fields.refuse("state", "is longer than 32 KiB");
  const json::Value shown = fields.object("challenge");
  if (!shown) fields.refuse("challenge", "must be an object");
  challenge.challenge = json::to_text(shown);
  if (challenge.challenge.size() > kMostChallenge) fields.refuse("challenge", "is longer than 16 KiB");
  const auto until = fields.integer("expires_at", 1, kLatest);
  if (!until) fields.refuse("expires_at", "must say until when, in unix seconds");
  challenge.expires_at = until.value_or(0);
  if (auto finished = fields.finish(); !finished) return finished.error();
  if (auto fault = fault_of_challenge(shown); !fault.empty()) return fail(Code::malformed, "/challenge" + fault);
  return challenge;
}

template <class T>
T unreadable(std::string& why, const char* what, const Error& fault) {
  why = fault.message;
  return broken_answer("the " + std::string(what) + " is not what abi.h demands of one: " + fault.message);
}

struct Declared { // what identifiers are held against
  std::string_view connector;
  const std::vector<std::string>& types;
  const IdentifierRules& rules;
};

Authenticated take_proof(json::Value value, Reply& reply, const Declared& declared, std::string& why) {
  auto proof = read_proof(value);
  if (!proof) return unreadable<Authenticated>(why, "proof", proof.error());
  if (declared.rules.stands_for_nobody(proof->subject)) { // or all whom an issuer calls that would be one customer
    why = "the proof's subject is a word for nobody";
    return Rejected{true, failed(Status::error, Reason::upstream_unauthorized), std::nullopt};
  }
  auto taken = take_identifiers(reply, declared.connector, declared.types, declared.rules);
  if (!taken.fault.empty()) return broken_answer(std::move(taken.fault));
  proof->identifiers = std::move(taken.identifiers);
  proof->refused = std::move(taken.refused);
  return Step(std::move(*proof));
}

Authenticated take_challenge(json::Value value, std::string& why) {
  auto challenge = read_challenge(value);
  if (!challenge) return unreadable<Authenticated>(why, "challenge", challenge.error());
  return Step(std::move(*challenge));
}

// Whom a rejected credential was tried for. What is not declared, or more than one, is the plugin's mistake, but the
// credential is rejected all the same.
Rejected take_tried(Rejected rejected, Reply& reply, const Declared& declared, std::string& why) {
  if (reply.identifiers.size() > 1) {
    why = "it names several whom the credential was tried for";
    return rejected;
  }
  auto taken = take_identifiers(reply, declared.connector, declared.types, declared.rules);
  why = std::move(taken.fault);
  if (!taken.identifiers.empty()) rejected.tried = std::move(taken.identifiers.front());
  return rejected;
}

} // namespace

Authenticated examine_step(Reply reply, std::string_view connector, const std::vector<std::string>& types,
                           const IdentifierRules& rules, json::Reader& reader, std::string& why) {
  why = reply.garbage;
  const bool goes_on = reply.status == PLUGBOARD_CONTINUE;
  if (auto rejected = refusal_of(reply)) {
    if (!rejected->credential) return std::move(*rejected);
    return take_tried(std::move(*rejected), reply, {connector, types, rules}, why);
  }
  const auto value = reader.read(reply.data);
  if (!value || !value->is_object()) {
    why = value ? "not a JSON object" : value.error().message;
    return broken_answer(std::string(goes_on ? "the challenge" : "the proof") + " is not a strict JSON object");
  }
  if (goes_on && !reply.identifiers.empty())
    return broken_answer("the plugin gave identifiers with a challenge, which proves nothing yet");
  return goes_on ? take_challenge(*value, why) : take_proof(*value, reply, {connector, types, rules}, why);
}

} // namespace plugboard::connector
