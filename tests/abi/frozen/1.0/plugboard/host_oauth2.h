/* plugboard.host.oauth2/1: access tokens (RFC 6749, grants client_credentials and refresh_token) that the hub fetches,
 * within the connector's egress grants, keeps in memory, shares between all calls, and renews before they end. The
 * plugin sees neither the client's secret nor the refresh token; one that the server rotates is kept (host_secrets.h).
 */
#ifndef PLUGBOARD_HOST_OAUTH2_H
#define PLUGBOARD_HOST_OAUTH2_H

#include <plugboard/abi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_HOST_OAUTH2_V1 "plugboard.host.oauth2/1"

/* How the client proves itself to the token endpoint. */
#define PLUGBOARD_OAUTH2_BASIC 1 /* HTTP Basic, as RFC 6749 2.3.1 wants it */
#define PLUGBOARD_OAUTH2_POST 2  /* client_id and client_secret in the form */

/* Which token. The same words are the same token. */
typedef struct plugboard_oauth2_client {
  plugboard_prefix p;
  plugboard_str token_url;     /* absolute; granted as any http/1 request's */
  plugboard_str client_id;     /* not empty */
  plugboard_str client_secret; /* the secret's handle; empty: a client without one */
  plugboard_str refresh_token; /* the secret's handle: grant refresh_token; empty: client_credentials */
  plugboard_str scope;         /* separated by spaces; may be empty, as what follows */
  plugboard_str audience;
  plugboard_str resource; /* RFC 8707 */
  int32_t auth;           /* PLUGBOARD_OAUTH2_BASIC, … */
  uint32_t reserved;      /* 0 */
} plugboard_oauth2_client;

typedef struct plugboard_oauth2_token {
  plugboard_prefix p;
  /* PLUGBOARD_OK; else what http/1 says of the endpoint, or UPSTREAM_UNAUTHORIZED: it takes these credentials not;
   * UPSTREAM_REFUSED, UPSTREAM_RATE_LIMITED, UPSTREAM_FAILED, UPSTREAM_MALFORMED, as it answered; BUSY: too many
   * different tokens; FAILED: a secret can't be had; CANCELLED: nobody waits for the call any more. A failure is
   * remembered for some seconds, and the endpoint left alone. */
  int32_t error;
  uint32_t reserved;
  plugboard_str access_token; /* a bearer's; lives during on_token() */
  plugboard_str message;      /* what went wrong; never a credential */
  int64_t retry_after_ns;     /* UPSTREAM_RATE_LIMITED: 0 when unknown */
} plugboard_oauth2_token;

typedef struct plugboard_host_oauth2_v1 {
  plugboard_prefix p;
  /* [any] PLUGBOARD_OK: on_token() will be called exactly once, perhaps before token returns, on a thread of the hub
   * (of the call's own request when there is a call): it must not block. Anything else: the client is unusable, and
   * on_token() is not called. call: who waits; null: the plugin's own business. */
  int32_t (*token)(const plugboard_host* host, plugboard_call* call, const plugboard_oauth2_client* client, void* user,
                   void (*on_token)(void* user, const plugboard_oauth2_token* token));
  /* [any] The system refused this token (401): it is given to nobody any more, the next token() fetches another. One
   * that the hub has replaced already is none of its business. */
  int32_t (*invalidate)(const plugboard_host* host, const plugboard_oauth2_client* client, plugboard_str access_token);
} plugboard_host_oauth2_v1;

#ifdef __cplusplus
}
#endif
#endif
