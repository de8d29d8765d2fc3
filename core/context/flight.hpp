// One call that several may wait for. It belongs to itself, not to whoever asked first: it ends when nobody waits any
// more. Made by Answers, shared by those who wait and by the call; what is marked so is guarded by its shard's lock.
#pragma once

#include "core/connector/connector.hpp"
#include "core/context/kept_answers.hpp"
#include "core/context/request.hpp"

#include <atomic>
#include <memory>
#include <vector>

namespace plugboard::context {

connector::CallerPtr caller_of(const Request& request);

class Asker { // who waits, for one or more sections. [its home's thread]
 public:
  virtual ~Asker() = default;
  virtual const Request& asked_for() const = 0;

  virtual connector::CallerPtr caller() const { return caller_of(asked_for()); } // as its lookups name it

  virtual void answered(std::size_t section, connector::Outcome outcome) = 0; // position in the catalog
};

struct Waiting {
  std::shared_ptr<Asker> asker;
  std::size_t section = 0; // position in the catalog
  connector::Home* home = nullptr;
  Deadline until = Deadline::never();
  CustomerMark customer = 0;
  bool is_leader = false; // the call was made for this one
};

struct Flight {
  Flight(const Question& question, std::uint64_t key_hash, std::shared_ptr<connector::Connector> to)
      : key(question), hash(key_hash), connector(std::move(to)) {}

  AnswerKey key;
  const std::uint64_t hash;
  const std::shared_ptr<connector::Connector> connector;

  // [its shard's lock]
  std::vector<Waiting> waiting;
  std::vector<CustomerMark> customers; // of all that ever waited
  connector::Home* home = nullptr;     // that the call runs on: its leader's
  Deadline until = Deadline::never();  // the call's
  Instant began{};
  bool is_joinable = false; // it is in its shard's table
  bool is_kept = false;     // what comes of it
  bool is_refresh = false;  // nobody need wait for it
  bool is_over = false;
  Flight* before = nullptr; // of its shard's that are under way
  Flight* after = nullptr;

  std::atomic<unsigned> landings = 0; // of its calls
  // [the leader's home's thread]
  connector::Connector::CallId call = 0;
};

using FlightPtr = std::shared_ptr<Flight>;

} // namespace plugboard::context
