// Where a plugin's code runs. The connector speaks to it through the ABI's own table of functions and can't tell: in
// this process the table is the plugin's, for a worker its functions speak to a process.
#pragma once

#include "core/base/result.hpp"
#include "core/connector/containment.hpp"
#include "core/connector/libraries.hpp"
#include "core/connector/plugin_file.hpp"

#include <plugboard/abi.h>

#include <memory>

namespace plugboard::connector {

class Runner {
 public:
  virtual ~Runner() = default; // the instances it made must have been destroyed
  // A whole table, checked: optional functions that are not there are null. Lives as long as the runner.
  virtual const plugboard_connector& table() const = 0;
  // The instance to call that table with. host: valid for ever. Error: what the plugin said.
  virtual Result<void*> create(const plugboard_host& host, std::string_view config) = 0;

  virtual Containment containment() const { return {}; } // [any thread]
};

// In this process: the operator's explicit word that this code is trusted. libraries: where it is mapped, once for all
// connectors of the same bytes, which so share its statics; null: it is mapped anew, for good.
Result<std::unique_ptr<Runner>> run_in_process(const PluginFile& file, Libraries* libraries);

} // namespace plugboard::connector
