// Stands in for the systems that a connector asks, while its author tries it: answers over HTTP and HTTPS, on ports of
// this machine alone and a thread of its own, what the scenario says; or passes the question on to them and hears what
// they say. Owned by who tries it. [one thread]
#pragma once

#include "core/cli/stand_in_names.hpp"
#include "core/conformance/scenario.hpp"

#include <filesystem>
#include <memory>

namespace plugboard::cli {

class StandIn {
 public:
  // folder: where its certificate is put, "stand_in.pem", which whoever asks it must believe. Error: what it lacks.
  static Result<std::unique_ptr<StandIn>> scripted(std::vector<conformance::Exchange> exchanges,
                                                   const std::filesystem::path& folder);
  // urls: of the systems.
  static Result<std::unique_ptr<StandIn>> listening(std::vector<std::string> urls, const std::filesystem::path& folder);
  virtual ~StandIn() = default; // ends the thread

  virtual const StandInNames& names() const = 0;
  virtual std::vector<conformance::Exchange> heard() = 0; // of the systems, so far
};

} // namespace plugboard::cli
