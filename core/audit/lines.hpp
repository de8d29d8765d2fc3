// The lines of one segment, a piece of the file at a time, however large it is. [one thread]
#pragma once

#include "core/audit/folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace plugboard::audit {

class Lines {
 public:
  // From a line's beginning to `end` at most: what a hub that runs has not flushed yet is not there.
  Lines(Folder& folder, std::string name, std::uint64_t from, std::uint64_t end)
      : folder_(folder), name_(std::move(name)), read_to_(from), end_(end), next_(from) {}

  // Without its newline; a view until the next call. None: the end, or a rest without a newline. Error: io; malformed,
  // when a line is longer than any record.
  Result<std::optional<std::string_view>> next();

  std::uint64_t at() const { return at_; } // where the last line begins in the file

  std::uint64_t after() const { return next_; } // where the next one would

  std::string_view rest() const { return std::string_view(held_).substr(used_); } // at the end: what has no newline

 private:
  Folder& folder_;
  std::string name_;
  std::uint64_t read_to_, end_;
  std::uint64_t at_ = 0, next_;
  std::string held_;
  std::size_t used_ = 0, searched_ = 0;
};

// "00000000000000000001.jsonl": a segment is named by the number of its first record.
std::string segment_name(std::uint64_t first_seq);
std::optional<std::uint64_t> first_seq_of(std::string_view name); // none: no segment's name
Result<std::vector<std::string>> list_segments(Folder& folder);   // in their order

} // namespace plugboard::audit
