// Verification of whole segments: one of them for a hub that runs, all of them for whoever has the files. Reads only.
#pragma once

#include "core/audit/folder.hpp"
#include "core/audit/reports.hpp"
#include "core/audit/verifier.hpp"

#include <string>
#include <vector>

namespace plugboard::audit {

struct Verified {
  std::uint64_t segments = 0, records = 0, checkpoints = 0, unsigned_records = 0;
  std::string first_time, last_time;
  std::vector<std::string> signed_by; // public keys, hexadecimal
  std::string fault;                  // with the segment; "": all of it holds
  std::uint64_t torn = 0;             // bytes at the end that are no whole line, as a kill leaves them
};

// Error: io, when nothing could be read.
Result<Verified> verify_folder(Folder& folder, const Verifier::PublicKeys& trusted);

// name: "" for the first. size_of_last: how far the open segment may be read.
Result<SegmentVerdict> verify_segment(Folder& folder, const std::string& name, const Verifier::PublicKeys& trusted,
                                      const std::string& open_segment, std::uint64_t open_size);

} // namespace plugboard::audit
