#include "plugins/otp/webhook.hpp"

#include "plugins/otp/keyed_hash.hpp"

namespace otp {
namespace {

using plugboard::Failure;
using plugboard::HttpResponse;
using plugboard::Status;

constexpr std::uint64_t kMostAnswer = 64 * 1024; // of which nothing is read

std::string number_of(const HttpResponse& response) {
  return "the sender answered " + std::to_string(response.status());
}

} // namespace

std::optional<std::string> webhook_key(std::string_view secret) {
  constexpr std::size_t kFewest = 24, kMost = 64;
  if (!secret.starts_with(kSecretPrefix)) return std::nullopt;
  auto key = from_base64(secret.substr(kSecretPrefix.size()));
  return key && key->size() >= kFewest && key->size() <= kMost ? key : std::nullopt;
}

std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t time, std::string_view body) {
  std::string text;
  text.append(id).append(".").append(std::to_string(time)).append(".").append(body);
  return "v1," + base64(hmac_sha256(key, text));
}

plugboard::Result<plugboard::HttpRequest> webhook_request(const plugboard::Host& host, const Settings& settings,
                                                          const std::string& type, const Message& message,
                                                          std::int64_t now) {
  const auto& recipient = settings.recipients.at(type);
  plugboard::HttpRequest request{.method = "POST", .url = recipient.url, .max_body_bytes = kMostAnswer};
  request.body = recipient.body.fill(message.words);
  std::string signature, authorization;
  host.with_secret(settings.secret, [&](std::string_view secret) {
    if (const auto key = webhook_key(secret)) signature = webhook_signature(*key, message.id, now, request.body);
  });
  if (signature.empty()) return Failure{Status::failed, "the sender's secret is gone, or is none"};
  if (!settings.authorization.empty() &&
      !host.with_secret(settings.authorization, [&](std::string_view secret) { authorization = secret; }))
    return Failure{Status::failed, "the sender's \"authorization\" is gone"};
  request.headers = {{"Content-Type", "application/json"},
                     {"User-Agent", "plugboard-otp"},
                     {"webhook-id", message.id},
                     {"webhook-timestamp", std::to_string(now)},
                     {"webhook-signature", signature}};
  if (!authorization.empty()) request.headers.push_back({"Authorization", authorization});
  return request;
}

std::optional<Failure> webhook_fault(const HttpResponse& response) {
  if (!response.answered()) return Failure{response.error(), "the sender: " + std::string(response.message())};
  const int status = response.status();
  if (status >= 200 && status < 300) return std::nullopt;
  if (status == 401 || status == 403) return Failure{Status::upstream_unauthorized, number_of(response)};
  if (status == 429) return Failure{Status::upstream_rate_limited, number_of(response)};
  if (status >= 400 && status < 500) return Failure{Status::upstream_refused, number_of(response)};
  return Failure{Status::upstream_failed, number_of(response)};
}

bool worth_another_try(const HttpResponse& response) {
  if (response.answered()) return response.status() == 408 || response.status() >= 500;
  return response.error() == Status::timeout || response.error() == Status::unreachable ||
         response.error() == Status::upstream_failed;
}

} // namespace otp
