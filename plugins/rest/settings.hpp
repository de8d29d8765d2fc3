// The configuration, compiled: where to ask, and each section's request, mapping and yields. Made at create; immutable.
#pragma once

#include "plugins/rest/body_template.hpp"
#include "plugins/rest/headers.hpp"
#include "plugins/rest/mapping.hpp"
#include "plugins/rest/url_template.hpp"

#include <map>

namespace plugboard::rest {

struct SectionSettings {
  struct YieldFrom {
    std::string type;
    Pointer from; // into the system's answer
    bool verified = false;
  };

  std::string method = "GET";
  UrlTemplate url;
  std::optional<BodyTemplate> body;
  Headers headers;                  // the connector's included
  std::optional<ObjectMap> mapping; // none: identity
  std::vector<YieldFrom> yields;
  std::vector<std::string> asked_with; // identifiers that url and body name: one at least must be known
};

struct Settings {
  std::string base_url;
  std::map<std::string, SectionSettings, std::less<>> sections;
};

// Throws std::invalid_argument that names all faults, each with its JSON Pointer and what to do.
Settings read_settings(std::string_view config);

} // namespace plugboard::rest
