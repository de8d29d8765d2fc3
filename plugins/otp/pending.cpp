#include "plugins/otp/pending.hpp"

#include "plugins/otp/json.hpp"
#include "plugins/otp/keyed_hash.hpp"

#include <plugboard/text.hpp>

namespace otp {
namespace {

std::optional<std::string> text(const Document& state, const char* name) {
  const auto found = text_member(state, name);
  return found && !found->empty() ? std::optional(std::string(*found)) : std::nullopt;
}

constexpr std::int64_t kMostCount = 1'000'000;
constexpr std::int64_t kYear10000 = 253'402'300'800;

std::optional<std::int64_t> number(const Document& state, const char* name, std::int64_t most) {
  const auto* found = member(state, name);
  const bool fits = found && found->IsInt64() && found->GetInt64() >= 0 && found->GetInt64() < most;
  return fits ? std::optional(found->GetInt64()) : std::nullopt;
}

} // namespace

std::string hash_of(std::string_view key, std::string_view tenant, const Pending& pending, std::string_view code) {
  return keyed_hash(key, {"otp code", tenant, pending.type, pending.address, pending.salt, code});
}

std::string write_pending(const Pending& pending) {
  using plugboard::json_string;
  return "{\"type\":" + json_string(pending.type) + ",\"to\":" + json_string(pending.address) +
         ",\"salt\":" + json_string(pending.salt) + ",\"hash\":" + json_string(pending.hash) +
         ",\"attempts_left\":" + std::to_string(pending.attempts_left) + ",\"sent\":" + std::to_string(pending.sent) +
         ",\"sent_at\":" + std::to_string(pending.sent_at) + ",\"expires_at\":" + std::to_string(pending.expires_at) +
         "}";
}

std::optional<Pending> read_pending(std::string_view state) {
  const auto read = read_object(state);
  if (!read) return std::nullopt;
  const auto type = text(*read, "type"), address = text(*read, "to"), salt = text(*read, "salt"),
             hash = text(*read, "hash");
  const auto attempts = number(*read, "attempts_left", kMostCount), sent = number(*read, "sent", kMostCount);
  const auto sent_at = number(*read, "sent_at", kYear10000), expires_at = number(*read, "expires_at", kYear10000);
  if (!type || !address || !salt || !hash || !attempts || !sent || !sent_at || !expires_at) return std::nullopt;
  return Pending{*type,    *address,   *salt, *hash, static_cast<int>(*attempts), static_cast<int>(*sent),
                 *sent_at, *expires_at};
}

} // namespace otp
