// The functions of the plugboard_host that a plugin in a worker is given, and of its services.
#include "core/wire/abi_text.hpp"
#include "core/worker/host.hpp"

#include <plugboard/host_clock.h>
#include <plugboard/host_files.h>
#include <plugboard/host_kv.h>
#include <plugboard/host_metrics.h>
#include <plugboard/host_oauth2.h>
#include <plugboard/host_secrets.h>
#include <plugboard/host_tcp.h>

#include <exception>
#include <utility>

namespace plugboard::worker {
namespace {

using Receive = void (*)(void* user, plugboard_str text);

// The root of what a plugin asks: no exception may go back through the C boundary.
template <class F>
std::int32_t rooted(F&& serve) noexcept {
  try {
    return std::forward<F>(serve)();
  } catch (const std::exception&) { // no memory for it
    return PLUGBOARD_BUSY;
  }
}

void log(const plugboard_host* self, std::int32_t level, plugboard_str message) noexcept {
  if (!wire::is_readable(message)) return;
  static_cast<void>(rooted([&] {
    Host::of(self).log(level, wire::view(message));
    return PLUGBOARD_OK;
  }));
}

void complete(const plugboard_host* self, plugboard_call* call, const plugboard_reply* reply) noexcept {
  const auto answer = [&](const plugboard_reply* with) {
    return rooted([&] {
      Host::of(self).complete(call, with);
      return PLUGBOARD_OK;
    });
  };
  if (answer(reply) == PLUGBOARD_OK) return;
  plugboard_reply no_memory{}; // for the copy of it: that much can be said
  no_memory.p = PLUGBOARD_PREFIX(plugboard_reply);
  no_memory.status = PLUGBOARD_BUSY;
  static_cast<void>(answer(&no_memory));
}

std::int32_t http_send(const plugboard_host* self, const plugboard_http_request* request, void* user,
                       Exchanges::OnResponse on_response) noexcept {
  return rooted([&] { return Host::of(self).exchanges().send(request, user, on_response); });
}

std::int32_t files_watch(const plugboard_host* self, plugboard_str path, void* user, Receive changed) noexcept {
  if (!wire::is_readable(path)) return PLUGBOARD_FAILED;
  return rooted([&] { return Host::of(self).files().watch(wire::view(path), user, changed); });
}

std::int32_t files_locate(const plugboard_host* self, plugboard_str path, void* user, Receive receive) noexcept {
  if (!wire::is_readable(path)) return PLUGBOARD_FAILED;
  return rooted([&] { return Host::of(self).files().locate(wire::view(path), user, receive); });
}

std::int32_t secrets_get(const plugboard_host* self, plugboard_str handle, void* user, Receive receive) noexcept {
  if (!wire::is_readable(handle)) return PLUGBOARD_FAILED;
  return rooted([&] { return Host::of(self).secret(wire::view(handle), user, receive); });
}

std::int32_t tcp_locate(const plugboard_host* self, plugboard_str name, std::uint16_t port, void* user,
                        GrantedTunnels::Receive receive) noexcept {
  if (!wire::is_readable(name)) return PLUGBOARD_FAILED;
  return rooted([&] { return Host::of(self).tunnels().locate(wire::view(name), port, user, receive); });
}

std::int64_t clock_monotonic(const plugboard_host* self) noexcept {
  return Host::of(self).clock().now().time_since_epoch().count();
}

std::int64_t clock_wall(const plugboard_host* self) noexcept {
  return Host::of(self).clock().wall().time_since_epoch().count();
}

std::int32_t clock_after(const plugboard_host* self, plugboard_call* call, std::int64_t after_ns, void* user,
                         Alarms::When when) noexcept {
  return rooted([&] { return Host::of(self).alarms().set(call, after_ns, user, when); });
}

std::int32_t metrics_record(const plugboard_host* self, plugboard_str name, const plugboard_str* labels,
                            std::size_t label_count, double value) noexcept {
  return rooted([&] { return Host::of(self).measures().record(name, labels, label_count, value); });
}

std::int32_t secrets_replace(const plugboard_host* self, plugboard_str handle, plugboard_str value, void* user,
                             Errands::Replaced done) noexcept {
  return rooted([&] { return Host::of(self).errands().replace_secret(handle, value, user, done); });
}

std::int32_t kv_get(const plugboard_host* self, plugboard_call* call, plugboard_str key, void* user,
                    Errands::KvDone done) noexcept {
  return rooted([&] { return Host::of(self).errands().kv_get(call, key, user, done); });
}

std::int32_t kv_put(const plugboard_host* self, plugboard_call* call, plugboard_str key, plugboard_str value,
                    std::int64_t ttl_ns, std::int64_t only_if, void* user, Errands::KvDone done) noexcept {
  return rooted([&] { return Host::of(self).errands().kv_put(call, key, value, ttl_ns, only_if, user, done); });
}

std::int32_t kv_remove(const plugboard_host* self, plugboard_call* call, plugboard_str key, std::int64_t only_if,
                       void* user, Errands::KvDone done) noexcept {
  return rooted([&] { return Host::of(self).errands().kv_remove(call, key, only_if, user, done); });
}

std::int32_t oauth2_token(const plugboard_host* self, plugboard_call* call, const plugboard_oauth2_client* client,
                          void* user, Errands::OnToken on_token) noexcept {
  return rooted([&] { return Host::of(self).errands().token(call, client, user, on_token); });
}

std::int32_t oauth2_invalidate(const plugboard_host* self, const plugboard_oauth2_client* client,
                               plugboard_str access_token) noexcept {
  return rooted([&] { return Host::of(self).errands().refused(client, access_token); });
}

constexpr plugboard_host_http_v1 kHttp{PLUGBOARD_PREFIX(plugboard_host_http_v1), &http_send};
constexpr plugboard_host_files_v1 kFiles{PLUGBOARD_PREFIX(plugboard_host_files_v1), &files_watch, &files_locate};
constexpr plugboard_host_secrets_v1 kSecrets{PLUGBOARD_PREFIX(plugboard_host_secrets_v1), &secrets_get,
                                             &secrets_replace};
constexpr plugboard_host_tcp_v1 kTcp{PLUGBOARD_PREFIX(plugboard_host_tcp_v1), &tcp_locate};
constexpr plugboard_host_clock_v1 kClock{PLUGBOARD_PREFIX(plugboard_host_clock_v1), &clock_monotonic, &clock_wall,
                                         &clock_after};
constexpr plugboard_host_metrics_v1 kMetrics{PLUGBOARD_PREFIX(plugboard_host_metrics_v1), &metrics_record};
constexpr plugboard_host_kv_v1 kKv{PLUGBOARD_PREFIX(plugboard_host_kv_v1), &kv_get, &kv_put, &kv_remove};
constexpr plugboard_host_oauth2_v1 kOauth2{PLUGBOARD_PREFIX(plugboard_host_oauth2_v1), &oauth2_token,
                                           &oauth2_invalidate};

const void* extension(const plugboard_host*, const char* id) noexcept {
  const std::string_view asked = id == nullptr ? "" : id;
  if (asked == PLUGBOARD_HOST_HTTP_V1) return &kHttp;
  if (asked == PLUGBOARD_HOST_FILES_V1) return &kFiles;
  if (asked == PLUGBOARD_HOST_SECRETS_V1) return &kSecrets;
  if (asked == PLUGBOARD_HOST_TCP_V1) return &kTcp;
  if (asked == PLUGBOARD_HOST_CLOCK_V1) return &kClock;
  if (asked == PLUGBOARD_HOST_METRICS_V1) return &kMetrics;
  if (asked == PLUGBOARD_HOST_KV_V1) return &kKv;
  if (asked == PLUGBOARD_HOST_OAUTH2_V1) return &kOauth2;
  return nullptr;
}

} // namespace

plugboard_host make_host_table() {
  return {PLUGBOARD_PREFIX(plugboard_host), &log, &complete, &extension};
}

} // namespace plugboard::worker
