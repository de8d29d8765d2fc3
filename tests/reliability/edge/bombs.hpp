// What costs a careless reader much more than it costs its sender. Values.
#pragma once

#include <string>
#include <vector>

namespace plugboard::test {

struct Bomb {
  std::string name;
  std::string bytes;     // what is sent first,
  std::string again{};   // and then this, again and again
  std::size_t times = 0; // so often, unless the other side is gone by then
  bool is_json = false;  // and some such JSON may well be taken
};

// Files of zeros, compressed 1000:1 or nearly; by Debian's programs. Throws when one is not there.
struct Squeezed {
  std::string gzip, nested_gzip, brotli, zstd;
};

Squeezed squeeze();

std::vector<Bomb> request_bombs(const Squeezed& squeezed, const std::string& key);
std::vector<Bomb> answer_bombs(const Squeezed& squeezed);

} // namespace plugboard::test
