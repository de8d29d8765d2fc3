#include "core/connector/host_table.hpp"

#include "core/connector/abi_text.hpp"
#include "core/connector/border.hpp"
#include "core/connector/host_clock.hpp"
#include "core/connector/host_files.hpp"
#include "core/connector/host_http.hpp"
#include "core/connector/host_kv.hpp"
#include "core/connector/host_log.hpp"
#include "core/connector/host_metrics.hpp"
#include "core/connector/host_oauth2.hpp"
#include "core/connector/host_secrets.hpp"
#include "core/connector/host_tcp.hpp"

#include <exception>
#include <string_view>
#include <utility>

namespace plugboard::connector {
namespace {

using Receive = void (*)(void* user, plugboard_str text);

std::int32_t gone() {
  return PLUGBOARD_CANCELLED;
} // the connector was stopped

// The root of what a plugin asks of the hub: no exception may go back through the C boundary.
template <class F>
std::int32_t rooted(F&& serve) noexcept {
  try {
    return std::forward<F>(serve)();
  } catch (const std::exception&) { // no memory for it
    return PLUGBOARD_BUSY;
  }
}

void log(const plugboard_host* self, std::int32_t level, plugboard_str message) noexcept {
  if (!is_readable(message)) return;
  static_cast<void>(rooted([&] {
    Doorway::of(self).inside([&](const Border& border) { border.services().log->said(level, view(message)); }, [] {});
    return PLUGBOARD_OK;
  }));
}

void complete(const plugboard_host* self, plugboard_call* call, const plugboard_reply* reply) noexcept {
  static_cast<void>(rooted([&] {
    Doorway::of(self).complete(call, reply);
    return PLUGBOARD_OK;
  }));
}

std::int32_t http_send(const plugboard_host* self, const plugboard_http_request* request, void* user,
                       HostHttp::OnResponse on_response) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().http->send(request, user, on_response); }, gone);
  });
}

std::int32_t files_watch(const plugboard_host* self, plugboard_str path, void* user, Receive changed) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().files->watch(path, user, changed); }, gone);
  });
}

std::int32_t files_locate(const plugboard_host* self, plugboard_str path, void* user, Receive receive) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().files->locate(path, user, receive); }, gone);
  });
}

std::int32_t secrets_get(const plugboard_host* self, plugboard_str handle, void* user, Receive receive) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().secrets->get(handle, user, receive); }, gone);
  });
}

std::int32_t secrets_replace(const plugboard_host* self, plugboard_str handle, plugboard_str value, void* user,
                             HostSecrets::Done done) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().secrets->replace(handle, value, user, done); }, gone);
  });
}

std::int32_t tcp_locate(const plugboard_host* self, plugboard_str name, std::uint16_t port, void* user,
                        HostTcp::Receive receive) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().tcp->locate(name, port, user, receive); }, gone);
  });
}

std::int64_t clock_monotonic(const plugboard_host* self) noexcept {
  const auto now = [](const Border& border) {
    return std::int64_t{border.services().clock->clock().now().time_since_epoch().count()};
  };
  return Doorway::of(self).inside(now, [] { return std::int64_t{0}; });
}

std::int64_t clock_wall(const plugboard_host* self) noexcept {
  const auto now = [](const Border& border) {
    return std::int64_t{border.services().clock->clock().wall().time_since_epoch().count()};
  };
  return Doorway::of(self).inside(now, [] { return std::int64_t{0}; });
}

std::int32_t clock_after(const plugboard_host* self, plugboard_call* call, std::int64_t after_ns, void* user,
                         HostClock::When when) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().clock->after(call, after_ns, user, when); }, gone);
  });
}

std::int32_t metrics_record(const plugboard_host* self, plugboard_str name, const plugboard_str* labels,
                            std::size_t label_count, double value) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().metrics->record(name, labels, label_count, value); },
        gone);
  });
}

std::int32_t kv_get(const plugboard_host* self, plugboard_call* call, plugboard_str key, void* user,
                    HostKv::Done done) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().kv->get(call, key, user, done); }, gone);
  });
}

std::int32_t kv_put(const plugboard_host* self, plugboard_call* call, plugboard_str key, plugboard_str value,
                    std::int64_t ttl_ns, std::int64_t only_if, void* user, HostKv::Done done) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().kv->put(call, key, value, ttl_ns, only_if, user, done); },
        gone);
  });
}

std::int32_t kv_remove(const plugboard_host* self, plugboard_call* call, plugboard_str key, std::int64_t only_if,
                       void* user, HostKv::Done done) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().kv->remove(call, key, only_if, user, done); }, gone);
  });
}

std::int32_t oauth2_token(const plugboard_host* self, plugboard_call* call, const plugboard_oauth2_client* client,
                          void* user, HostOauth2::OnToken on_token) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().oauth2->token(call, client, user, on_token); }, gone);
  });
}

std::int32_t oauth2_invalidate(const plugboard_host* self, const plugboard_oauth2_client* client,
                               plugboard_str access_token) noexcept {
  return rooted([&] {
    return Doorway::of(self).inside(
        [&](const Border& border) { return border.services().oauth2->invalidate(client, access_token); }, gone);
  });
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

plugboard_host make_host() {
  return {PLUGBOARD_PREFIX(plugboard_host), &log, &complete, &extension};
}

} // namespace plugboard::connector
