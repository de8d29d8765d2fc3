// A network as operators write it, "10.1.0.0/16" or one address; and the ranges of addresses that are no public
// system's, which a connector reaches only where the operator names them. Values. [any thread]
#pragma once

#include "core/base/result.hpp"
#include "core/http/reach.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <string>
#include <string_view>

namespace plugboard::connector {

class Network {
 public:
  // "10.1.0.0/16", "fd12::/32", "10.1.2.3". Error: invalid_argument, naming it: no network, or bits set past its
  // prefix.
  static Result<Network> parse(std::string_view text);

  bool contains(const http::Address& address) const;
  bool lies_in(const Network& other) const;

  unsigned bits() const { return bits_; } // of a prefix of 128: IPv4 stands in ::ffff:0:0/96

  bool is_v4() const;

  friend bool operator==(const Network&, const Network&) = default;

 private:
  Network(const boost::asio::ip::address_v6::bytes_type& first, unsigned bits) : first_(first), bits_(bits) {}

  boost::asio::ip::address_v6::bytes_type first_;
  unsigned bits_;
};

struct SpecialRange {
  Network network;
  std::string_view what; // "a private network"
};

// The narrowest of the ranges that this address lies in; null: it is public. An IPv6 address that carries one of IPv4
// (mapped, NAT64) is judged by that one; it is inner() of it.
const SpecialRange* special_range_of(const http::Address& address);
http::Address inner(const http::Address& address);

// Whether a network lies wholly in one such range, so that to name it means something.
bool is_special(const Network& network);

} // namespace plugboard::connector
