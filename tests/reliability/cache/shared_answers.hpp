// A hub with one system, shop.profile, whose every answer is another: it says whose it is, which call it was, and a
// secret. The client "desk" may see all of it, "teller" only whose it is. [one thread; the system: its own]
#pragma once

#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <atomic>
#include <string>

namespace plugboard::test {

inline constexpr const char* kTeller = "teller-key-0123456789abcdef";

HubConfig shared_hub(int port, const std::string& keeping); // keeping: members of the connector, a comma behind

// What the profile of this customer is, the n-th time that it is asked for.
UpstreamReply profile_reply(const UpstreamRequest& request, int n);

std::string customer_of(const UpstreamRequest& request);

// What a client sees of the profile: "n/whose/secret", members that it does not see left out; or the status.
std::string seen(const Json& context);

} // namespace plugboard::test
