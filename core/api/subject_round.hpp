// One customer's right, asked of every connector that offers it, all at once: who held what, who erased what, and who
// could not be asked. Made on the admin's thread; connectors answer on a home's, and the report comes back through the
// poster. What it holds lives until the last of them has answered.
#pragma once

#include "core/api/generation.hpp"
#include "core/json/writer.hpp"
#include "core/store/database.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::api {

struct SubjectAsk {
  connector::Right right = connector::Right::export_data;
  std::string tenant, customer; // the pseudonym
  std::string reason;           // which the connectors are told as the purpose
  std::string by, id;           // who asks, and a name for this round in logs
  std::vector<Identifier> identifiers;
  Duration patience{};
};

struct SubjectPart { // of one connector
  std::string connector;
  std::string lacks; // not asked: what it needs to be asked with
  std::optional<connector::Subject> answer;
};

using SubjectParts = std::vector<SubjectPart>; // in declared order, of those that offer it

// done: once, through back, at the latest shortly after the patience is over.
void ask_all(const GenerationPtr& generation, SubjectAsk ask, connector::Home& home, store::Poster back,
             std::function<void(SubjectParts)> done);

bool is_settled(const SubjectPart& part); // it answered, be it that it knows nobody such

// Members of the report: "complete", and "connectors" with each one's end.
void write_parts(json::Writer& writer, const SubjectParts& parts, connector::Right right);

} // namespace plugboard::api
