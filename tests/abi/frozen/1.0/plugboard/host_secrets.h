/* plugboard.host.secrets/1: the value behind a secret of this connector's configuration. Where the operator wrote
 * {"env": "NAME"} or {"file": "PATH"}, the plugin's config has {"secret": "HANDLE"}; the value comes only when
 * asked for. */
#ifndef PLUGBOARD_HOST_SECRETS_H
#define PLUGBOARD_HOST_SECRETS_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_SECRETS_V1 "plugboard.host.secrets/1"

#define PLUGBOARD_SECRET_MOST_BYTES 65536

typedef struct plugboard_host_secrets_v1 {
  plugboard_prefix p;
  /* [any] receive() gets the value, once, before get returns; it lives during receive(): keep it no longer than
   * needed. PLUGBOARD_NOT_FOUND: no such handle; receive() is not called. */
  int32_t (*get)(const plugboard_host* host, plugboard_str handle, void* user,
                 void (*receive)(void* user, plugboard_str value));
  /* [any] The system behind it gave a new value (a rotated refresh token) and the old one is void: get gives the new
   * one from then on, after a restart too, until the operator writes another value where the configuration refers to.
   * PLUGBOARD_OK: done() will be called exactly once, perhaps before replace returns, on a thread of the hub: it must
   * not block. outcome: PLUGBOARD_OK: it is on the disk; BUSY: too many in a short time; FAILED: the hub's store or its
   * audit trail fails; CANCELLED: the connector stops: it is kept or not. Anything else than PLUGBOARD_OK: done() is
   * not called; NOT_FOUND: no such handle; TOO_LARGE: more than 65,536 bytes; FAILED: none. */
  int32_t (*replace)(const plugboard_host* host, plugboard_str handle, plugboard_str value, void* user,
                     void (*done)(void* user, int32_t outcome));
} plugboard_host_secrets_v1;

#ifdef __cplusplus
}
#endif
#endif
