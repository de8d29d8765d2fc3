// The connector: one lookup is one HTTP request through the hub, answered when the response is there. Holds no thread,
// no socket and no secret; all it remembers from call to call is whether the system asked for a pause. [any thread]
#pragma once

#include "plugins/rest/pause.hpp"
#include "plugins/rest/settings.hpp"

#include <plugboard/plugin.hpp>

namespace plugboard::rest {

struct Clocks {
  std::chrono::steady_clock::time_point (*steady)() = std::chrono::steady_clock::now; // how long a pause lasts
  std::chrono::system_clock::time_point (*wall)() = std::chrono::system_clock::now;   // to read a Retry-After date
};

class RestConnector : public AsyncLookup {
 public:
  RestConnector(Host host, std::string_view config, Clocks clocks = {});

  void lookup(const Request& request, Call call) override;

 private:
  struct Prepared {
    std::string url, body;
    MadeHeaders headers;
  };

  Result<Prepared> prepare(const SectionSettings& section, const Request& request) const;
  void answer(const SectionSettings& section, std::string_view name, Call call, const HttpResponse& response);

  Host host_;
  Clocks clocks_;
  Settings settings_;
  Pause pause_;
};

} // namespace plugboard::rest
