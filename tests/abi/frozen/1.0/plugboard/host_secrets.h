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

typedef struct plugboard_host_secrets_v1 {
  plugboard_prefix p;
  /* [any] receive() gets the value, once, before get returns; it lives during receive(): keep it no longer than
   * needed. PLUGBOARD_NOT_FOUND: no such handle; receive() is not called. */
  int32_t (*get)(const plugboard_host* host, plugboard_str handle, void* user,
                 void (*receive)(void* user, plugboard_str value));
} plugboard_host_secrets_v1;

#ifdef __cplusplus
}
#endif
#endif
