// The connector that the hub talks to. Step 1: {"redirect_uri"} → a redirect. Step 2: {"callback"} → the code for the
// tokens → a proof. Or in one step {"id_token"}. A logout: {"logout_token"} → whose. One a configured connector.
// [init: constructor; call: the operations; answers of the provider come on threads of the hub]
#pragma once

#include "plugins/oidc/id_token.hpp"
#include "plugins/oidc/opening.hpp"
#include "plugins/oidc/provider.hpp"
#include "plugins/oidc/seen.hpp"

#include <plugboard/operations.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace oidc {

class Connector : public plugboard::AsyncAuthenticate, public plugboard::AsyncLogout {
 public:
  Connector(plugboard::Host host, std::string_view config, Senses senses);

  void authenticate(const plugboard::Request& request, plugboard::Call call) override;
  void logout(const plugboard::Request& request, plugboard::Call call) override;

 private:
  using CallPtr = std::shared_ptr<plugboard::Call>;
  using Checked = std::function<void(const plugboard::Result<jwt::Jws>&)>;

  void open(const jwt::Value& credential, const plugboard::Request& request, plugboard::Call call);
  void finish(const jwt::Value& credential, std::string_view state, plugboard::Call call);
  void take_id_token(const jwt::Value& credential, plugboard::Call call);
  void exchange(const Metadata& metadata, const Begun& begun, const std::string& code, plugboard::Call call);
  void prove(const std::string& id_token, Expected expected, plugboard::Call call);
  // A token's signature.
  void check(const std::string& token, const jwt::TokenTypes& types, const std::stop_token& cancelled, Checked then);
  void take_logout(const jwt::Jws& token, plugboard::Call& call);

  const plugboard::Host host_;
  const Settings settings_;
  const Senses senses_;
  Provider provider_;
  Seen seen_;
};

} // namespace oidc
