// How records hang together: each is one line of JSON that names the SHA-256 of the line before it. A line, without its
// newline, is hashed as the bytes that stand in the file. Pure.
#pragma once

#include "core/base/crypto.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard::audit {

struct ChainEnd {        // the last record there is
  std::uint64_t seq = 0; // 0: none
  Digest hash{};         // of its line; zeros: none
  friend bool operator==(const ChainEnd&, const ChainEnd&) = default;
};

inline constexpr std::size_t kLongestLine = std::size_t{1} << 20; // a record that is longer is refused

// Appends {"seq":…,"prev":…,"time":…,"kind":KIND MEMBERS} and a newline, and moves the end to it. members: as
// core/audit/record.hpp makes them.
void append_record(std::string& out, ChainEnd& end, std::string_view time, std::string_view kind,
                   std::string_view members);

} // namespace plugboard::audit
