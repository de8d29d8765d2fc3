// The libraries that connectors run, each mapped once however many connectors are made of it and whatever is reloaded:
// what is mapped stays for good, and forty copies of one plugin's code would be forty that no processor's cache holds.
// Owned by daemon/, shared with the runners. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/plugin_file.hpp"

#include <plugboard/abi.h>

#include <map>
#include <mutex>
#include <string>

namespace plugboard::connector {

class Libraries {
 public:
  Result<const plugboard_connector*>
  map(const PluginFile& file); // the table that its entry gives: unchecked, maybe null

 private:
  std::mutex mutex_;
  std::map<std::string, const plugboard_connector*> mapped_; // by the file's sha256
};

} // namespace plugboard::connector
