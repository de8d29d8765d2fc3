// What the hub itself wrote into a row: a row that the disk changed, or that stands under another key than it was
// written for, is told from a good one when it is read. Sealed under one of the hub's keys, which ends with that key;
// or by its digest alone, for what must outlive them all. [values; any thread]
#pragma once

#include "core/base/metrics.hpp"
#include "core/session/keys.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace plugboard::session {

class Seal {
 public:
  explicit Seal(std::string_view table);

  // In the order of the table's columns. Parts stand side by side, never joined into one text.
  Seal& add(std::string_view text);
  Seal& add(std::int64_t number);

  KeyedHash under(const Keys& keys) const;                       // the current key
  bool matches(const Keys& keys, const KeyedHash& stored) const; // false also for a key that is not there any more
  std::string digest() const;

 private:
  std::string parts_;
};

// Rows that are not what the hub wrote, however they came to be so.
Counter& damaged_rows(Metrics& metrics);

} // namespace plugboard::session
