#include "core/conformance/bench_kept.hpp"

#include "core/conformance/conversation.hpp"
#include "core/connector/abi_text.hpp"

namespace plugboard::conformance {

using connector::str;
using connector::view;

std::string BenchKv::name(plugboard_call* call, plugboard_str key) {
  const std::string_view tenant = call == nullptr ? "" : view(Conversation::of(call).request().tenant);
  return std::to_string(tenant.size()) + ":" + std::string(tenant) + std::string(view(key));
}

bool BenchKv::holds(std::int64_t only_if, const Entry& entry) {
  if (only_if == PLUGBOARD_KV_ANY) return true;
  return only_if == PLUGBOARD_KV_ABSENT ? entry.version == 0 : entry.version == only_if;
}

void BenchKv::tell(void* user, Done done, std::int32_t status, const Entry& entry) {
  plugboard_kv_result result{};
  result.p = PLUGBOARD_PREFIX(plugboard_kv_result);
  result.status = status;
  if (status == PLUGBOARD_OK) {
    result.version = entry.version;
    result.value = str(entry.value);
  }
  done(user, &result);
}

BenchKv::Entry BenchKv::find(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? Entry{} : found->second;
}

std::int32_t BenchKv::get(plugboard_call* call, plugboard_str key, void* user, Done done) {
  if (key.size == 0 || key.size > PLUGBOARD_KV_MOST_KEY_BYTES) return PLUGBOARD_TOO_LARGE;
  Entry entry;
  {
    const std::lock_guard lock(mutex_);
    entry = find(name(call, key));
  }
  tell(user, done, entry.version == 0 ? PLUGBOARD_NOT_FOUND : PLUGBOARD_OK, entry);
  return PLUGBOARD_OK;
}

std::int32_t BenchKv::put(plugboard_call* call, plugboard_str key, plugboard_str value, std::int64_t only_if,
                          void* user, Done done) {
  if (key.size == 0 || key.size > PLUGBOARD_KV_MOST_KEY_BYTES || value.size > PLUGBOARD_KV_MOST_VALUE_BYTES)
    return PLUGBOARD_TOO_LARGE;
  std::int32_t status = PLUGBOARD_CONFLICT;
  Entry told;
  {
    const std::lock_guard lock(mutex_);
    const std::string at = name(call, key);
    if (holds(only_if, find(at))) {
      status = PLUGBOARD_OK;
      told.version = ++versions_;
      entries_[at] = {told.version, std::string(view(value))};
    }
  }
  tell(user, done, status, told);
  return PLUGBOARD_OK;
}

std::int32_t BenchKv::remove(plugboard_call* call, plugboard_str key, std::int64_t only_if, void* user, Done done) {
  if (key.size == 0 || key.size > PLUGBOARD_KV_MOST_KEY_BYTES) return PLUGBOARD_TOO_LARGE;
  std::int32_t status = PLUGBOARD_NOT_FOUND;
  {
    const std::lock_guard lock(mutex_);
    const std::string at = name(call, key);
    const Entry entry = find(at);
    if (entry.version != 0) status = holds(only_if, entry) ? PLUGBOARD_OK : PLUGBOARD_CONFLICT;
    if (status == PLUGBOARD_OK) entries_.erase(at);
  }
  tell(user, done, status, {});
  return PLUGBOARD_OK;
}

bool BenchTokens::is_known(plugboard_str handle) const {
  return handle.size == 0 || secrets_.contains(std::string(view(handle)));
}

std::string BenchTokens::current() const {
  return "token-of-the-bench-" + std::to_string(number_);
}

std::int32_t BenchTokens::token(const plugboard_oauth2_client* client, void* user, OnToken on_token) {
  plugboard_oauth2_client wanted;
  const bool usable = connector::read_struct(client, sizeof wanted, wanted) && wanted.token_url.size > 0 &&
                      wanted.client_id.size > 0 && wanted.client_secret.size + wanted.refresh_token.size > 0;
  if (!usable || on_token == nullptr) return PLUGBOARD_FAILED;
  plugboard_oauth2_token token{};
  token.p = PLUGBOARD_PREFIX(plugboard_oauth2_token);
  token.error = is_known(wanted.client_secret) && is_known(wanted.refresh_token) ? PLUGBOARD_OK : PLUGBOARD_FAILED;
  std::string value;
  if (token.error == PLUGBOARD_OK) {
    const std::lock_guard lock(mutex_);
    value = current();
  } else {
    token.message = str("conformance.json has no such secret");
  }
  token.access_token = str(value);
  on_token(user, &token);
  return PLUGBOARD_OK;
}

std::int32_t BenchTokens::invalidate(plugboard_str access_token) {
  const std::lock_guard lock(mutex_);
  if (view(access_token) == current()) ++number_;
  return PLUGBOARD_OK;
}

} // namespace plugboard::conformance
