// Names to addresses: /etc/hosts and name servers are asked once for all who wait, and what they said is kept for as
// long as they allow, within bounds; when they are silent, for longer. `localhost` is this machine, whatever anybody
// says (RFC 6761). One an I/O thread, beside its client. [the io_context's thread]
#pragma once

#include "core/base/clock.hpp"
#include "core/base/result.hpp"
#include "core/http/reach.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace plugboard::http {

struct NameServers {
  std::vector<std::string> addresses{}; // "ADDRESS" or "ADDRESS:PORT", IPv6 in brackets; empty: the system's
};

Result<void> check_name_server(std::string_view text); // invalid_argument: it is none

class Resolver {
 public:
  using Id = std::uint64_t; // of a look-up under way; 0 is none
  using Done = std::function<void(const Result<Addresses>&)>;

  static std::unique_ptr<Resolver> make(boost::asio::io_context& io, const Clock& clock,
                                        const NameServers& servers = {});
  virtual ~Resolver() = default; // before its io_context; what is under way is forgotten

  // done runs once, from the io_context, with one address at least, the best first; it may destroy the resolver. Error:
  // unreachable, with why there is none.
  virtual Id look_up(const std::string& name, Done done) = 0;
  virtual void give_up(Id id) = 0; // its done will not run; no such look-up: nothing happens
};

} // namespace plugboard::http
