// Which addresses a connector may reach: what its manifest wishes and its configuration grants, and nothing else. A
// granted name leads to public addresses only, and to the networks that the operator names; a granted address, or
// localhost, is itself. Immutable. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/connector/network.hpp"
#include "core/http/client.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace plugboard::connector {

class Egress {
 public:
  struct Place {
    std::string grant; // as the operator wrote it
    http::Origin origin;
    bool tcp = false; // not for HTTP
    http::ReachPtr reach;
    std::vector<std::string> begins{}; // how its URLs begin, up to the path, where they are written plainly
  };

  // grants: "https:HOST", "https:HOST:PORT", "http:HOST", "http:HOST:PORT", "tcp:HOST:PORT"; "h2c:HOST:PORT" is what
  // "http:" is, spoken as HTTP/2. networks: "10.1.0.0/16". Error: invalid_argument, naming what is none.
  static Result<Egress> make(const std::vector<std::string>& grants, const std::vector<std::string>& networks = {});
  static Result<Network> parse_network(const std::string& text); // one that means something to name

  const Place* find(const http::Origin& origin) const; // over HTTP; null: not granted
  // The same of a URL that begins as its place's do, which tells origin and target apart without reading it; null: it
  // must be read.
  const Place* find_plain(std::string_view url, std::string_view& target) const;
  const Place* find_tcp(const std::string& host, std::uint16_t port) const;

  const std::vector<Place>& places() const { return places_; }

 private:
  std::vector<Place> places_;
};

} // namespace plugboard::connector
