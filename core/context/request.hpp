// What is asked of a context, after the words of the API have been read and policy has spoken. Values.
#pragma once

#include "core/base/assurance.hpp"
#include "core/base/deadline.hpp"
#include "core/base/identifier.hpp"
#include "core/base/trace_context.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::context {

struct AskedSection {
  std::size_t section = 0;   // position in the catalog
  std::string params = "{}"; // a JSON object, read strictly
};

struct Request {
  std::string context_id; // UUIDv7
  std::string customer;   // whose
  std::string tenant, client, purpose, actor, language, criticality;
  TraceContext trace;
  std::vector<Identifier> known;      // what the session brings
  Assurance proved = Assurance::none; // and how well it was proved
  std::vector<AskedSection> asked;
  Instant received;
  Deadline deadline = Deadline::never();
  std::optional<Duration> max_age; // of kept answers; 0: what is asked is asked now, for this request
};

// The part of a deadline that the hub keeps for merging and writing: 2 % of it, at least 2 and at most 20 ms.
Duration reserve_of(Duration whole);

} // namespace plugboard::context
