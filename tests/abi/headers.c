/* Everything that a connector in C includes; compiled as each version of C and C++. */
#include <plugboard/abi.h>
#include <plugboard/health.h>
#include <plugboard/host_clock.h>
#include <plugboard/host_files.h>
#include <plugboard/host_http.h>
#include <plugboard/host_kv.h>
#include <plugboard/host_metrics.h>
#include <plugboard/host_oauth2.h>
#include <plugboard/host_secrets.h>
#include <plugboard/host_tcp.h>

#ifdef __cplusplus
#define SAME(what) static_assert(what, #what)
#else
#define SAME(what) _Static_assert(what, #what)
#endif

/* What every hub and plugin reads before anything else. */
SAME(sizeof(plugboard_prefix) == 16);
SAME(offsetof(plugboard_host, p) == 0 && offsetof(plugboard_connector, p) == 0 && offsetof(plugboard_reply, p) == 0);
SAME(offsetof(plugboard_request, p) == 0 && offsetof(plugboard_error, p) == 0);
SAME(offsetof(plugboard_http_request, p) == 0 && offsetof(plugboard_http_response, p) == 0);
SAME(sizeof(plugboard_note) == 80);
SAME(sizeof(plugboard_identifier) == 56);

int headers_are_whole(const plugboard_connector* table);

int headers_are_whole(const plugboard_connector* table) {
  plugboard_reply reply = {PLUGBOARD_PREFIX(plugboard_reply), PLUGBOARD_OK, 0, {0, 0}, {0, 0}, 0, 0, 0};
  return PLUGBOARD_HAS_FIELD(table, plugboard_connector, extension) && reply.p.magic == PLUGBOARD_MAGIC;
}
