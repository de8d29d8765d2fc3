#include "tests/reliability/cache/shared_answers.hpp"

namespace plugboard::test {

HubConfig shared_hub(int port, const std::string& keeping) {
  HubConfig config;
  config.environment["TELLER_KEY"] = kTeller;
  config.clients.insert(config.clients.rfind(']'), R"(,
    {"id": "teller", "channel": "chat", "key": {"env": "TELLER_KEY"}, "sections": ["*"], "purpose": "support",
     "scopes": ["session:create", "session:read", "context:read"]})");
  config.more = R"("drain_ms": 500, "policy": {"rules": [
    {"clients": ["desk"], "sections": ["*"], "unknown_fields": "pass"},
    {"clients": ["teller"], "sections": ["shop.profile"], "fields": ["/whose"]}]},)";
  config.add("shop", rest_connector(
                         port, R"({"profile": )" + rest_section("/profile") + "}",
                         // What is counted here are the calls of the cache's own making.
                         R"("retry": {"attempts": 1}, "hedge": {"enabled": false}, "breaker": {"enabled": false}, )" +
                             keeping));
  return config;
}

std::string customer_of(const UpstreamRequest& request) {
  return request.target.substr(request.target.find('=') + 1);
}

UpstreamReply profile_reply(const UpstreamRequest& request, int n) {
  const auto whose = customer_of(request);
  return {.body = R"({"whose": ")" + whose + R"(", "n": ")" + std::to_string(n) + R"(", "secret": "secret of )" +
                  whose + "\"}"};
}

std::string seen(const Json& context) {
  const std::string at = "/sections/shop.profile";
  const auto status = context.text(at + "/status");
  if (status != "ok" && status != "stale") return status;
  std::string text;
  for (const char* member : {"/n", "/whose", "/secret"})
    if (context.has(at + "/data" + member)) text += (text.empty() ? "" : "/") + context.text(at + "/data" + member);
  return text;
}

} // namespace plugboard::test
