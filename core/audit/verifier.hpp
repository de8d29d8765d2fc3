// Holds records against their chain, one after the other: what was changed, removed, added or put elsewhere is found at
// the record where it happened or at the next; what was cut off at an end, by the head. A state machine without I/O; a
// copy goes on by itself. [one thread]
#pragma once

#include "core/audit/chain.hpp"
#include "core/audit/seal.hpp"
#include "core/base/result.hpp"
#include "core/json/reader.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace plugboard::audit {

struct RecordHead { // what every record begins with; views into the reader
  std::uint64_t seq = 0;
  Digest prev{};
  std::string_view time, kind;
};

// Error: malformed.
Result<RecordHead> read_record_head(json::Value record);

class Verifier {
 public:
  using PublicKeys = std::set<std::string>; // raw

  // trusted: who may have signed. Empty: whoever the files name, which shows no more than that they agree.
  explicit Verifier(PublicKeys trusted, ChainEnd before = {}) : trusted_(std::move(trusted)), end_(before) {}

  // What is wrong is malformed; after a fault nothing more is said.
  Result<void> record(json::Reader& reader, std::string_view line); // without its newline
  // Before the records, when there is a head: what must be among them. Where they begin is for the caller to say.
  Result<void> expect(const Head& head);
  Result<void> finish() const; // after them

  const ChainEnd& end() const { return end_; }

  std::uint64_t records() const { return records_; }

  std::uint64_t checkpoints() const { return checkpoints_; }

  std::uint64_t unsigned_records() const { return unsigned_; } // after the last checkpoint

  const PublicKeys& signed_by() const { return signed_by_; }

  const std::string& first_time() const { return first_time_; }

  const std::string& last_time() const { return last_time_; }

 private:
  Result<void> checkpoint(json::Value record, std::string_view time);
  Result<void> known(const Signature& signature, const std::string& what) const;

  PublicKeys trusted_, signed_by_;
  ChainEnd end_;
  std::optional<Head> head_;
  std::uint64_t records_ = 0, checkpoints_ = 0, unsigned_ = 0;
  std::string first_time_, last_time_;
};

} // namespace plugboard::audit
