// The data subject's report: who looked at what about one customer, when and why, made of the records about that
// customer. Pure.
#pragma once

#include "core/cli/terminal.hpp"
#include "core/json/reader.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::cli {

struct Access {
  std::int64_t seq = 0;
  std::string time, tenant, client, actor, purpose, context;
  std::vector<std::string> identifiers;                     // kinds of them
  std::map<std::string, std::vector<std::string>> sections; // that might be shown, with their fields
  std::vector<std::string> shown;                           // sections that were
  std::string result;                                       // "shown", "withheld", "" while it is not known
};

class Accesses {
 public:
  void take(json::Value record); // in the order of the trail
  // What was shown, or may have been: what was withheld is no access.
  std::vector<Access> all() const;

  std::string as_json(std::string_view customer) const;
  std::string as_text(std::string_view customer, const Terminal& terminal) const;

 private:
  std::map<std::int64_t, Access> by_seq_;
};

} // namespace plugboard::cli
