// From an origin to a connection ready for its first request: look the name up, try its addresses in order, shake hands
// for TLS, all within connect_time. What was agreed on there (ALPN) decides what speaks over it then. Owned by a
// Dialling. [the client's thread]
#pragma once

#include "core/base/result.hpp"
#include "core/http/surroundings.hpp"
#include "core/http/transport.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace plugboard::http {

class Dial final : public std::enable_shared_from_this<Dial> {
 public:
  using Done = std::function<void(Result<std::unique_ptr<Transport>>)>;

  Dial(const Surroundings& surroundings, Origin origin, Done done);

  void begin();   // done runs once, from the io_context; error: unreachable, naming the origin
  void abandon(); // done will not run

 private:
  using Endpoint = boost::asio::generic::stream_protocol::endpoint;
  using Resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

  void look_up();
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
  Done done_;
  Instant expires_;
  std::optional<Resolver> resolver_;
  std::vector<Endpoint> addresses_; // the next one last
  std::optional<Socket> socket_;
  std::unique_ptr<Transport> transport_;
  std::optional<Timers::Id> timer_;
  std::uint64_t attempt_ = 0; // a wait of an earlier attempt means nothing
  std::string last_reason_;
};

} // namespace plugboard::http
