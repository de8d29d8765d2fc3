// Under which names the systems of a scenario are stood in for on this machine: each origin has one of its own below
// .localhost, which leads here whatever anybody says (RFC 6761), so that two systems are never taken for one. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::cli {

class StandInNames {
 public:
  struct Ports {
    std::uint16_t http = 0, https = 0;
  };

  // urls: absolute ones; what is none has no name.
  StandInNames(const std::vector<std::string>& urls, Ports ports);

  // A URL of one of them as it is here: "https://crm.example/v2" is "https://crm.example.localhost:PORT/v2". Anything
  // else as it is.
  std::string here(std::string_view text) const;
  // The origin behind a Host header: "https://crm.example". Empty: it is none of them.
  std::string there(std::string_view host) const;

  std::vector<std::string> hosts() const; // "crm.example.localhost"

  struct Pair {
    std::string there; // "https://crm.example"
    std::string scheme, host;
    std::uint16_t port;

    std::string here() const { return scheme + "://" + host + ":" + std::to_string(port); }
  };

  const std::vector<Pair>& all() const { return all_; }

 private:
  std::vector<Pair> all_;
};

// "https://crm.example" of "https://crm.example/v2?a=b"; none: it is no absolute http(s) URL.
std::optional<std::string> origin_of(std::string_view url);

} // namespace plugboard::cli
