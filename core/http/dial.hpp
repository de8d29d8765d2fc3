// From an origin to a connection ready for its first request: look the name up, judge its addresses, try those that may
// be reached in order, shake hands for TLS, all within connect_time. What was agreed on there (ALPN) decides what
// speaks over it then. Owned by a Dialling, or by the client for who wants a connection of its own. [the client's
// thread]
#pragma once

#include "core/base/result.hpp"
#include "core/http/reach.hpp"
#include "core/http/surroundings.hpp"
#include "core/http/transport.hpp"

#include <boost/asio/generic/stream_protocol.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::http {

class Dial final : public std::enable_shared_from_this<Dial> {
 public:
  using Done = std::function<void(Result<std::unique_ptr<Transport>>)>;

  Dial(const Surroundings& surroundings, Origin origin, ReachPtr reach, Done done);

  // done runs once, from the io_context; error: unreachable, or denied (no address may be reached), naming the origin
  void begin();
  void abandon(); // done will not run

 private:
  using Endpoint = boost::asio::generic::stream_protocol::endpoint;

  void look_up();
  void take(const Addresses& addresses);
  void try_next();
  bool connect(const Endpoint& endpoint);
  void connected();
  void greet();
  void too_late();
  void give_each_its_share();
  void set_timer(Instant at);
  void next_after(std::string reason);
  void fail_with(const std::string& reason);
  void finish(Result<std::unique_ptr<Transport>> result);

  Surroundings around_;
  const Origin origin_;
  const ReachPtr reach_;
  Done done_;
  Instant expires_;
  Resolver::Id look_up_ = 0;        // under way
  std::vector<Endpoint> addresses_; // that may be reached, the next one last
  std::optional<Socket> socket_;
  std::unique_ptr<Transport> transport_;
  std::optional<Timers::Id> timer_;
  std::uint64_t attempt_ = 0; // a wait of an earlier attempt means nothing
  std::string last_reason_;
  std::string objection_; // to an address
};

} // namespace plugboard::http
