// What is put on record, in names only: never a value, a token, a credential or an identifier of the customer's. The
// views need to live only for the call that takes them. Values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plugboard::audit {

struct SectionView {       // what of one section may be shown
  std::string_view name;   // "crm.contact"
  std::string_view fields; // a JSON array of JSON Pointers, made once with the policy; "": the whole section
};

// Somebody is about to be shown something of a customer.
struct Intent {
  std::string_view tenant, client, actor;
  std::string_view customer; // the pseudonym, cus_…
  std::string_view session;  // its id, never its token
  std::string_view purpose;
  std::string_view context_id, trace_id;     // trace_id: 32 hexadecimal digits, or ""
  std::vector<SectionView> sections;         // that may leave
  std::vector<std::string_view> identifiers; // by their types: who the customer is said to be
  std::vector<std::string_view> step_up;     // that may leave only after a step-up
  std::vector<std::string_view> denied;
};

enum class Ending : std::uint8_t {
  shown = 1, // it left
  withheld,  // nothing left
  failed,    // a change that was on record did not come about
};

// How what is on record ended.
struct Outcome {
  Ending ending = Ending::withheld;
  std::vector<std::string_view> sections{}; // that were shown
  std::string_view why{};                   // of withheld and failed: a constant in words with dots
};

// Somebody changes something, or was refused to.
struct Change {
  std::string_view action; // a constant in words with dots: "client.add", "session.revoke"
  std::string_view by;     // "client desk", "admin ops", "user 0"
  std::string_view tenant{};
  std::string_view actor{};
  std::string_view customer{}, session{}; // whom it is about: pseudonym, id
  std::string_view target{};              // what it is about, by the user's name for it: "desk-2"
  std::string_view trace_id{};
  std::vector<std::pair<std::string_view, std::string_view>> details{}; // {"from", "aal1"}, {"to", "aal2"}
};

// That something is on record; given back with its outcome.
struct Receipt {
  std::uint64_t seq = 0; // the record's number; 0: no record is kept
  std::string about{};   // members of a JSON object that its outcome repeats
};

std::string_view name_of(Ending ending);

// As members of a JSON object, a comma before each.
std::string members_of(const Intent& intent);
std::string members_of(const Change& change);
std::string members_of(const Receipt& of, const Outcome& outcome);
std::string about(const Intent& intent);
std::string about(const Change& change);

} // namespace plugboard::audit
