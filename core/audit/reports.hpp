// What is on record, read again: a page at a time, by customer through an index, each page bounded in records and in
// what is looked through for it. [any thread]
#pragma once

#include "core/audit/chain.hpp"
#include "core/base/result.hpp"
#include "core/store/database.hpp"

#include <functional>
#include <string>
#include <vector>

namespace plugboard::audit {

struct Query {
  std::string tenant{}, customer{}, client{}, kind{}; // "": any
  std::string from{}, to{}; // RFC 3339 UTC as records have it; "": any. From inclusive, to exclusive
  std::string after{};      // where the page before ended, as it said
  std::size_t most = 1000;  // records
};

struct Page {
  std::vector<std::string> records; // JSON objects, in their order
  std::string next;                 // more may follow there; "": this was all
};

struct SegmentVerdict {
  ChainEnd before, end; // the record before its first, and its last that holds
  std::uint64_t records = 0, checkpoints = 0;
  std::vector<std::string> signed_by; // public keys, hexadecimal
  std::string fault;                  // "": none
  std::string next;                   // the segment after it; "": it is the last
  ChainEnd head_before, head_end;     // what the head says
};

class Reports {
 public:
  virtual ~Reports() = default;
  // Error: invalid_argument (no such place to go on), io.
  virtual void read(Query query, store::Poster back, std::function<void(Result<Page>)> done) = 0;
  // One segment, "" for the first, for which the hub signs all that there is. Error: as read().
  virtual void verify(std::string segment, store::Poster back, std::function<void(Result<SegmentVerdict>)> done) = 0;
};

} // namespace plugboard::audit
