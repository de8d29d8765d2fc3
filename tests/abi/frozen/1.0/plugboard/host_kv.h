/* plugboard.host.kv/1: a few small values that outlive a call, and the hub: a cursor, a challenge's nonce, what a slow
 * system said. Kept for one connector and one tenant (the call's), which no other ever reads; encrypted; gone when its
 * time is over. */
#ifndef PLUGBOARD_HOST_KV_H
#define PLUGBOARD_HOST_KV_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_KV_V1 "plugboard.host.kv/1"

#define PLUGBOARD_KV_MOST_KEY_BYTES 256
#define PLUGBOARD_KV_MOST_VALUE_BYTES 65536

/* only_if: what must be there for put and remove to change it. Else a version that get, or put, told of. */
#define PLUGBOARD_KV_ANY INT64_C(0)     /* whatever is there */
#define PLUGBOARD_KV_ABSENT INT64_C(-1) /* nothing */

typedef struct plugboard_kv_result {
  plugboard_prefix p;
  /* PLUGBOARD_OK: it is so, and on the disk; NOT_FOUND: get, remove: nothing is there; CONFLICT: not what only_if says
   * is there, and nothing was changed; TOO_LARGE: put: this connector's place for this tenant is full; BUSY: too much
   * is under way; FAILED: the hub's store fails; CANCELLED: nobody waits for the call any more, or the connector stops:
   * what was asked is done or not. */
  int32_t status;
  uint32_t reserved;
  int64_t version;     /* OK: of what is there now, above 0; changes with each put. Else 0 */
  plugboard_str value; /* get: lives during done() */
} plugboard_kv_result;

/* Each of the three: PLUGBOARD_OK: done() will be called exactly once, perhaps before it returns, on a thread of the
 * hub (of the call's own request when there is a call): it must not block. Anything else: it is unusable, TOO_LARGE
 * when a key has none or more than 256 bytes or a value more than 65,536, and done() is not called. call: whose tenant
 * it is, and who waits; null: the connector's own, of no tenant. */
typedef struct plugboard_host_kv_v1 {
  plugboard_prefix p;
  int32_t (*get)(const plugboard_host* host, plugboard_call* call, plugboard_str key, void* user,
                 void (*done)(void* user, const plugboard_kv_result* result)); /* [any] */
  /* [any] ttl_ns: how long it is kept; 0: a day; at most 400 days. */
  int32_t (*put)(const plugboard_host* host, plugboard_call* call, plugboard_str key, plugboard_str value,
                 int64_t ttl_ns, int64_t only_if, void* user,
                 void (*done)(void* user, const plugboard_kv_result* result));
  int32_t (*remove)(const plugboard_host* host, plugboard_call* call, plugboard_str key, int64_t only_if, void* user,
                    void (*done)(void* user, const plugboard_kv_result* result)); /* [any] */
} plugboard_host_kv_v1;

#ifdef __cplusplus
}
#endif
#endif
