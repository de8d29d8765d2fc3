#include "core/worker/errands.hpp"

#include "core/connector/guard.hpp"
#include "core/wire/abi_text.hpp"
#include "core/wire/kept.hpp"

#include <algorithm>
#include <array>

namespace plugboard::worker {
namespace {

using wire::is_readable;
using wire::view;

constexpr std::size_t kMostAtOnce = 1024; // of each kind; the hub kills for more than all of them

std::uint64_t number_of(plugboard_call* call) {
  return reinterpret_cast<std::uintptr_t>(call);
}

bool is_key(plugboard_str key) {
  return key.size > 0 && key.size <= PLUGBOARD_KV_MOST_KEY_BYTES;
}

// The hub judges the rest of it: a worker must only not send what no frame should hold.
bool can_be_sent(const plugboard_oauth2_client& client) {
  constexpr std::size_t kMostText = 2048;
  const std::array<plugboard_str, 7> texts{client.token_url,     client.client_id, client.client_secret,
                                           client.refresh_token, client.scope,     client.audience,
                                           client.resource};
  return std::all_of(texts.begin(), texts.end(),
                     [](plugboard_str text) { return is_readable(text) && text.size <= kMostText; });
}

} // namespace

template <class Done>
std::uint64_t Errands::Waiting<Done>::add(Asked asked) {
  const std::lock_guard lock(mutex_);
  if (asked_.size() >= kMostAtOnce) return 0;
  asked_.emplace(next_, asked);
  return next_++;
}

template <class Done>
typename Errands::Waiting<Done>::Asked Errands::Waiting<Done>::take(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  const auto node = asked_.extract(number);
  return node.empty() ? Asked{} : node.mapped();
}

std::int32_t Errands::kv_get(plugboard_call* call, plugboard_str key, void* user, KvDone done) {
  if (done == nullptr || !is_readable(key)) return PLUGBOARD_FAILED;
  if (!is_key(key)) return PLUGBOARD_TOO_LARGE;
  const std::uint64_t number = values_.add({user, done});
  if (number == 0) return PLUGBOARD_BUSY;
  outbox_.send([&](std::string& out) {
    wire::write(out, wire::KvAsk{number, number_of(call), wire::KvWork::get, view(key), {}, 0, 0});
  });
  return PLUGBOARD_OK;
}

std::int32_t Errands::kv_put(plugboard_call* call, plugboard_str key, plugboard_str value, std::int64_t ttl_ns,
                             std::int64_t only_if, void* user, KvDone done) {
  if (done == nullptr || !is_readable(key) || !is_readable(value) || ttl_ns < 0 || only_if < PLUGBOARD_KV_ABSENT)
    return PLUGBOARD_FAILED;
  if (!is_key(key) || value.size > PLUGBOARD_KV_MOST_VALUE_BYTES) return PLUGBOARD_TOO_LARGE;
  const std::uint64_t number = values_.add({user, done});
  if (number == 0) return PLUGBOARD_BUSY;
  outbox_.send([&](std::string& out) {
    wire::write(out, wire::KvAsk{number, number_of(call), wire::KvWork::put, view(key), view(value), ttl_ns, only_if});
  });
  return PLUGBOARD_OK;
}

std::int32_t Errands::kv_remove(plugboard_call* call, plugboard_str key, std::int64_t only_if, void* user,
                                KvDone done) {
  if (done == nullptr || !is_readable(key) || only_if < PLUGBOARD_KV_ANY) return PLUGBOARD_FAILED;
  if (!is_key(key)) return PLUGBOARD_TOO_LARGE;
  const std::uint64_t number = values_.add({user, done});
  if (number == 0) return PLUGBOARD_BUSY;
  outbox_.send([&](std::string& out) {
    wire::write(out, wire::KvAsk{number, number_of(call), wire::KvWork::remove, view(key), {}, 0, only_if});
  });
  return PLUGBOARD_OK;
}

bool Errands::kv_told(std::string_view body) {
  const auto told = wire::read_kv_told(body);
  if (!told) return false;
  const auto asked = values_.take(told->number);
  if (asked.done == nullptr) return true;
  plugboard_kv_result result{};
  result.p = PLUGBOARD_PREFIX(plugboard_kv_result);
  result.status = told->status;
  result.version = told->version;
  result.value = wire::str(told->value);
  static_cast<void>(connector::guarded([&] { asked.done(asked.user, &result); }));
  return true;
}

std::int32_t Errands::replace_secret(plugboard_str handle, plugboard_str value, void* user, Replaced done) {
  if (done == nullptr || !is_readable(handle) || !is_readable(value) || value.size == 0) return PLUGBOARD_FAILED;
  if (value.size > PLUGBOARD_SECRET_MOST_BYTES || handle.size > PLUGBOARD_SECRET_MOST_BYTES) return PLUGBOARD_TOO_LARGE;
  const std::uint64_t number = secrets_.add({user, done});
  if (number == 0) return PLUGBOARD_BUSY;
  outbox_.send([&](std::string& out) { wire::write(out, wire::SecretReplace{number, view(handle), view(value)}); });
  return PLUGBOARD_OK;
}

bool Errands::secret_replaced(std::string_view body) {
  const auto replaced = wire::read_secret_replaced(body);
  if (!replaced) return false;
  const auto asked = secrets_.take(replaced->number);
  if (asked.done != nullptr) static_cast<void>(connector::guarded([&] { asked.done(asked.user, replaced->outcome); }));
  return true;
}

std::int32_t Errands::token(plugboard_call* call, const plugboard_oauth2_client* raw, void* user, OnToken on_token) {
  plugboard_oauth2_client client;
  if (!wire::read_struct(raw, sizeof client, client) || on_token == nullptr || !can_be_sent(client))
    return PLUGBOARD_FAILED;
  const std::uint64_t number = tokens_.add({user, on_token});
  if (number == 0) return PLUGBOARD_BUSY;
  outbox_.send([&](std::string& out) { wire::write(out, wire::TokenAsk{number, number_of(call), client}); });
  return PLUGBOARD_OK;
}

bool Errands::token_told(std::string_view body) {
  const auto told = wire::read_token_told(body);
  if (!told) return false;
  const auto asked = tokens_.take(told->number);
  if (asked.done == nullptr) return true;
  plugboard_oauth2_token token{};
  token.p = PLUGBOARD_PREFIX(plugboard_oauth2_token);
  token.error = told->error;
  token.access_token = wire::str(told->access_token);
  token.message = wire::str(told->message);
  token.retry_after_ns = told->retry_after_ns;
  static_cast<void>(connector::guarded([&] { asked.done(asked.user, &token); }));
  return true;
}

std::int32_t Errands::refused(const plugboard_oauth2_client* raw, plugboard_str access_token) {
  constexpr std::size_t kMostToken = 1 << 14;
  plugboard_oauth2_client client;
  if (!wire::read_struct(raw, sizeof client, client) || !can_be_sent(client) || !is_readable(access_token) ||
      access_token.size > kMostToken)
    return PLUGBOARD_FAILED;
  outbox_.send([&](std::string& out) { wire::write(out, wire::TokenRefused{client, view(access_token)}); });
  return PLUGBOARD_OK;
}

} // namespace plugboard::worker
