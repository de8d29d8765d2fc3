// The audit trail: what may be shown is on record before it is, what changes before it takes effect. Where the record
// can't be kept, nothing is shown and nothing changes. One a hub, built by daemon/, used by all above. [any thread]
#pragma once

#include "core/audit/record.hpp"
#include "core/base/result.hpp"
#include "core/store/database.hpp"

#include <functional>
#include <memory>
#include <string_view>

namespace plugboard::audit {

using store::Poster;

class Trail {
 public:
  using Done = std::function<void(Result<Receipt>)>;

  virtual ~Trail() = default; // writes what it took

  // `done` runs once, through `back`: with a receipt when the record is on disk (and with the syslog server, where one
  // is required), or within a second with an error: unavailable, overloaded. On an error nothing may be shown; the
  // client gets api::Problem::audit_unavailable.
  virtual void disclose(const Intent& intent, Poster back, Done done) = 0;
  // The same before a change takes effect. When the change then fails, say so: outcome(receipt, {Ending::failed, …}).
  virtual void change(const Change& change, Poster back, Done done) = 0;

  // Not waited for; written with the next records, within a second.
  virtual void outcome(const Receipt& receipt, const Outcome& outcome) = 0;
  // Somebody was refused: why is a constant in words with dots, "session.foreign_token".
  virtual void refused(const Change& change, std::string_view why) = 0;

  virtual bool takes() const = 0; // false: it fails at the moment, and everything is refused
};

// Where the configuration says that no record is kept: answers at once, on the caller's thread.
std::unique_ptr<Trail> no_trail();

} // namespace plugboard::audit
