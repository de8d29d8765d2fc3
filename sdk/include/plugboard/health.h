/* What a plugin offers when its table's extension() is asked for plugboard.health/1: it says how it is, so that an
 * operator learns of a refused token or a full disk before a customer does. */
#ifndef PLUGBOARD_HEALTH_H
#define PLUGBOARD_HEALTH_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HEALTH_V1 "plugboard.health/1"

/* plugboard_request.operation of a check. It is never given to call(). */
#define PLUGBOARD_CHECK_HEALTH 7

typedef struct plugboard_health_v1 {
  plugboard_prefix p;
  /* [call], one at a time beside calls, and counted among max_concurrency; an `async` plugin returns at once. Answered
   * through the host's complete() like any call, once, within request->deadline_ns: OK, or another status with a
   * message for the operator that says what to do ("the refresh token was refused: log in again"). It is about no
   * customer: tenant, section and identifiers of the request are empty. Asked every half minute or so: cheap, and
   * changes nothing. What it says is shown, and changes nothing about how calls are made. */
  void (*check)(void* instance, const plugboard_request* request, plugboard_call* call);
} plugboard_health_v1;

#ifdef __cplusplus
}
#endif
#endif
