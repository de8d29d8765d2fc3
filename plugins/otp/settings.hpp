// The configuration of one connector, read once when it is created. A value. [init]
#pragma once

#include "plugins/otp/body_template.hpp"
#include "plugins/otp/recipient.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace otp {

struct RecipientSettings {
  Kind kind = Kind::phone;
  std::vector<std::string> prefixes; // of phones; none: all of the world
  std::string url;                   // of its sender
  BodyTemplate body = BodyTemplate::usual();
};

struct Settings {
  std::string issuer;
  std::map<std::string, RecipientSettings, std::less<>> recipients; // by identifier type
  std::string secret, authorization, subject_key;                   // handles; the last two may be empty
  std::string assurance = "aal1";
  int digits = 6, attempts = 5, resends = 2;
  std::int64_t lifetime_s = 300, resend_after_s = 30;
  std::size_t per_recipient_per_hour = 5, per_recipient_per_day = 15, per_hour = 10'000;
};

// Throws std::invalid_argument with the JSON Pointer and a sentence. The schema has caught misspelt names before.
Settings read_settings(std::string_view config);

} // namespace otp
