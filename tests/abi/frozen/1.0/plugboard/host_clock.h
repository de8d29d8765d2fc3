/* plugboard.host.clock/1: what time it is, and waiting without a thread. */
#ifndef PLUGBOARD_HOST_CLOCK_H
#define PLUGBOARD_HOST_CLOCK_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_CLOCK_V1 "plugboard.host.clock/1"

typedef struct plugboard_host_clock_v1 {
  plugboard_prefix p;
  /* [any] Nanoseconds that never jump, for ages and pauses; where they begin means nothing. */
  int64_t (*monotonic_ns)(const plugboard_host* host);
  /* [any] Nanoseconds since 1970-01-01T00:00:00Z; they may jump. */
  int64_t (*wall_ns)(const plugboard_host* host);
  /* [any] PLUGBOARD_OK: when() will be called exactly once, in after_ns nanoseconds or a little later, perhaps before
   * `after` returns, on a thread of the hub (of the call's own request when there is a call): it must not block.
   * outcome: PLUGBOARD_OK: so long has passed; PLUGBOARD_CANCELLED: the call is over before that, or the connector
   * stops; PLUGBOARD_BUSY: too many wait already. Anything else than PLUGBOARD_OK: when() is not called.
   * call: on whose behalf; null: the plugin's own business. */
  int32_t (*after)(const plugboard_host* host, plugboard_call* call, int64_t after_ns, void* user,
                   void (*when)(void* user, int32_t outcome));
} plugboard_host_clock_v1;

#ifdef __cplusplus
}
#endif
#endif
