// One message to the company's sender, as Standard Webhooks has them: signed, with an id that stays the same when it is
// sent again, so that the customer gets one. Immutable. [any thread]
#pragma once

#include "plugins/otp/body_template.hpp"
#include "plugins/otp/settings.hpp"

#include <plugboard/host.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace otp {

inline constexpr std::string_view kSecretPrefix = "whsec_";

// The bytes of a secret as Standard Webhooks writes it; none: it is not one, of 24 to 64 bytes.
std::optional<std::string> webhook_key(std::string_view secret);

// The value of webhook-signature.
std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t time, std::string_view body);

struct Message {
  std::string id;
  Words words;
};

// Signed at `now`. The failure: a secret is not there, or is none.
plugboard::Result<plugboard::HttpRequest> webhook_request(const plugboard::Host& host, const Settings& settings,
                                                          const std::string& type, const Message& message,
                                                          std::int64_t now);

// Why the sender has not taken it; none: it has.
std::optional<plugboard::Failure> webhook_fault(const plugboard::HttpResponse& response);

// The message may never have got there, or may be taken a moment later.
bool worth_another_try(const plugboard::HttpResponse& response);

} // namespace otp
