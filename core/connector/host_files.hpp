// plugboard.host.files/1: which of a connector's grants a path means, and what the plugin may have of it. [any thread]
#pragma once

#include "core/connector/connector.hpp"
#include "core/connector/file_watch.hpp"
#include "core/connector/host_log.hpp"

#include <plugboard/host_files.h>

namespace plugboard::connector {

class HostFiles {
 public:
  // granted: "ro:PATH", "ro:FOLDER/", only those that the manifest wishes. root: where relative paths start.
  // Error: invalid_argument, naming the grant that is none.
  static Result<std::unique_ptr<HostFiles>> make(const std::vector<std::string>& granted, std::string root,
                                                 Duration poll, HostLog& log);

  using Receive = void (*)(void* user, plugboard_str text);
  std::int32_t watch(plugboard_str path, void* user, Receive changed);
  std::int32_t locate(plugboard_str path, void* user, Receive receive);

  std::string absolute(std::string_view granted) const; // where the operator has it

  void start() { watch_.start(); } // changes are noticed from now on

  void stop() { watch_.stop(); } // no more changed()

 private:
  HostFiles(std::string root, Duration poll, HostLog& log);
  Result<std::string> place_below_folder(std::string_view path) const;

  const std::string root_;
  HostLog& log_;
  std::vector<std::string> files_, folders_; // as the grants spell them, without "ro:"
  FileWatch watch_;
};

} // namespace plugboard::connector
