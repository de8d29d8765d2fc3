// Values that must not be found where a hub writes, and the looking for them: as they are, and written in the other
// ways in which software writes things (JSON escapes, percent signs, base64, hexadecimal, UTF-16, other capitals,
// wrapped or with separators in between). Values; a scanner is read-only once made. [any thread]
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plugboard::test {

struct Marked { // a value that is followed through a hub: a canary
  enum class Home : std::uint8_t {
    nowhere = 1, // tokens, credentials, what systems answered
    store,       // what the store keeps by contract: a session's identifiers
  };
  Home home = Home::nowhere;
  std::string name; // what people read, so that a finding needs no value: "client key", "/data/card"
  std::string value;
};

struct Finding {
  std::string where, canary, how; // file, name, "base64"
};

class CanaryScanner {
 public:
  // Too short a value (under 9 digits, 7 characters else) is found everywhere by chance, and not looked for.
  explicit CanaryScanner(const std::vector<Marked>& canaries);

  // One finding a canary at most. in_store: what may stand there is not found. Tokens of the hub's own making are found
  // without having been named.
  void scan(std::string_view bytes, const std::string& where, bool in_store, std::vector<Finding>& findings) const;

  std::size_t patterns() const { return raw_.size() + folded_.size(); }

 private:
  struct Pattern {
    std::string bytes;
    std::size_t canary;
    const char* how;
  };

  using Index = std::unordered_multimap<std::uint64_t, std::size_t>; // of a pattern's first bytes

  void add(std::vector<Pattern>& into, Index& index, std::string bytes, std::size_t canary, const char* how) const;
  void look(std::string_view bytes, const std::vector<Pattern>& patterns, const Index& index, const std::string& where,
            bool in_store, std::set<std::size_t>& found, std::vector<Finding>& findings) const;

  std::vector<Marked> canaries_;
  std::vector<Pattern> raw_, folded_; // folded: small letters and digits alone
  Index raw_index_, folded_index_;
};

bool is_worth_looking_for(std::string_view value);

} // namespace plugboard::test
