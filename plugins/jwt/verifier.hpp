// From a token to the proof of who the customer is: taken apart, its issuer found, its signature checked, then its
// claims. Owned by the connector. [any thread]
#pragma once

#include "plugins/jwt/issuer.hpp"
#include "plugins/jwt/settings.hpp"

#include <plugboard/types.hpp>

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace jwt {

using UnixNow = std::function<std::int64_t()>;

class Verifier {
 public:
  Verifier(Settings settings, UnixNow now);

  // Failure: rejected, when the token proves nothing; failed, when the issuer's keys are not there to check it.
  plugboard::Result<plugboard::Proof> verify(std::string_view token) const;

  const std::vector<std::unique_ptr<Issuer>>& issuers() const { return issuers_; }

 private:
  plugboard::Result<const Issuer*> issuer_of(const Value& claims) const;
  plugboard::Result<plugboard::Proof> proof_from(const Value& claims, const Issuer& issuer) const;

  const Settings settings_;
  const UnixNow now_;
  std::vector<std::unique_ptr<Issuer>> issuers_;
};

} // namespace jwt
