// The hub on which containment is shown: the chaos connector beside healthy ones. Values.
#pragma once

#include "tests/support/hub_process.hpp"
#include "tests/support/temp_folder.hpp"

#include <string>
#include <string_view>

namespace plugboard::test {

enum class Isolation : std::uint8_t { in_process = 1, worker };

std::string why_no_workers(); // "": this hub runs connectors in workers

// A plugins_dir with those that are shipped and the chaos connector, as long as it lives.
class ChaosPlugins {
 public:
  ChaosPlugins();

  const std::string& path() const { return folder_.path(); }

 private:
  TempFolder folder_;
};

// A connector of the chaos plugin. more: further members, each with a comma after it.
std::string chaos_connector(Isolation isolation, std::string_view config = "{}", std::string_view more = "",
                            std::string_view plugin = "chaos");
std::string isolated(std::string connector, Isolation isolation); // one of hub_config.hpp's

} // namespace plugboard::test
