// The connector that the hub talks to: takes {"token": "…"}, keeps each issuer's keys current. One a configured
// connector. [init: constructor, start; call: authenticate; files change on a thread of the hub]
#pragma once

#include "plugins/jwt/verifier.hpp"

#include <plugboard/host.hpp>
#include <plugboard/operations.hpp>

#include <functional>
#include <string_view>
#include <vector>

namespace jwt {

class Connector : public plugboard::Authenticate {
 public:
  Connector(plugboard::Host host, std::string_view config, UnixNow now);

  void start(); // watches the key sets; throws when one is not granted
  plugboard::Result<plugboard::Step> authenticate(const plugboard::Request& request) override;

 private:
  void load_secret(Issuer& issuer);
  void rotate(Issuer& issuer, std::string_view jwks);

  plugboard::Host host_;
  Verifier verifier_;
  std::vector<std::function<void(std::string_view)>> watches_; // the hub calls them until stop
};

} // namespace jwt
