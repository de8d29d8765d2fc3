/* plugboard.host.http/1: the hub makes HTTP calls for the plugin. The hub owns the allow-list (the connector's egress
 * grants), name look-ups and which addresses they may lead to, connection pool, TLS, deadlines, size caps, and how
 * often an upstream is asked: Retry-After and rate-limit headers of a 429 or 503 hold for all calls. Redirects are not
 * followed. */
#ifndef PLUGBOARD_HOST_HTTP_H
#define PLUGBOARD_HOST_HTTP_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_HTTP_V1 "plugboard.host.http/1"

typedef struct plugboard_http_header {
  plugboard_str name;
  plugboard_str value;
} plugboard_http_header;

typedef struct plugboard_http_request {
  plugboard_prefix p;
  /* On whose behalf: its deadline, its cancellation, its thread. Null: the plugin's own business. */
  plugboard_call* call;
  plugboard_str method;                 /* "GET", … */
  plugboard_str url;                    /* absolute, http or https, already percent-encoded */
  const plugboard_http_header* headers; /* Host, Content-Length and Connection are the hub's */
  size_t header_count;
  plugboard_str body;
  int64_t timeout_ns;      /* 0: until the call's deadline; 10 s without a call */
  uint64_t max_body_bytes; /* 0: the hub's limit, 1 MiB */
} plugboard_http_request;

typedef struct plugboard_http_response {
  plugboard_prefix p;
  /* PLUGBOARD_OK: answered; else TIMEOUT, UNREACHABLE, EGRESS_DENIED, TOO_LARGE, UPSTREAM_MALFORMED, CANCELLED, BUSY or
   * UPSTREAM_RATE_LIMITED (not asked: it is too early; the hub adds for how long, and the plugin says this status), and
   * message says more. */
  int32_t error;
  int32_t status;                       /* 200 … 599 when answered */
  const plugboard_http_header* headers; /* names in lower case */
  size_t header_count;
  plugboard_str body;
  plugboard_str message;
} plugboard_http_response;

typedef struct plugboard_host_http_v1 {
  plugboard_prefix p;
  /* [any] PLUGBOARD_OK: on_response will be called exactly once, perhaps before send returns, on a thread of the hub
   * (of the call's own request when there is a call): it must not block. Views in the response live during
   * on_response. Anything else: the request itself is unusable and on_response is not called. */
  int32_t (*send)(const plugboard_host* host, const plugboard_http_request* request, void* user,
                  void (*on_response)(void* user, const plugboard_http_response* response));
} plugboard_host_http_v1;

#ifdef __cplusplus
}
#endif
#endif
