// Mapped libraries that no connector uses any more, kept for the next start of the same bytes: what is mapped stays for
// good, so without them every reload that changes a connector would cost memory and a descriptor. Two connectors that
// run at one time still share nothing. Owned by daemon/, shared with the runners. [any thread]
#pragma once

#include "core/connector/plugin_file.hpp"

#include <plugboard/abi.h>

#include <map>
#include <mutex>
#include <string>

namespace plugboard::connector {

class Libraries {
 public:
  const plugboard_connector* take(const PluginFile& file); // null: none is free, map one
  void give_back(const PluginFile& file, const plugboard_connector& table);

 private:
  std::mutex mutex_;
  std::multimap<std::string, const plugboard_connector*> free_; // by the file's sha256
};

} // namespace plugboard::connector
