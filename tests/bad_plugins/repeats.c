#include "behave.h"

/* Says to the log, or ends the call with, the bytes that params.bytes gives in hexadecimal digits; params.as says
 * which: "said", "failed", or "type", the type of an identifier that it yields. */
static int digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char* find(plugboard_str params, const char* name) { /* what stands between the quotes after it */
  const size_t size = strlen(name);
  for (const char* at = params.data; at + size < params.data + params.size; ++at)
    if (memcmp(at, name, size) == 0) return at + size;
  return "";
}

static void repeat(void* instance, const plugboard_request* request, plugboard_call* call) {
  static const char kBytes[] = "\"bytes\":\"", kAs[] = "\"as\":\"";
  const plugboard_host* host = (const plugboard_host*)instance;
  char bytes[16 * 1024];
  size_t size = 0;
  if (answered_elsewise(host, request, call)) return;
  const char* as = find(request->params, kAs);
  for (const char* at = find(request->params, kBytes); digit(at[0]) >= 0 && size < sizeof bytes; at += 2)
    bytes[size++] = (char)(digit(at[0]) * 16 + digit(at[1]));
  const plugboard_str said = {bytes, size};
  plugboard_identifier found = {said, text("1"), {NULL, 0}, 1, 0};
  plugboard_reply reply = {
      PLUGBOARD_PREFIX(plugboard_reply), PLUGBOARD_OK, 0, text("{\"customer_id\":\"1\"}"), {NULL, 0}, NULL, 0, 0};
  if (as[0] == 's') host->log(host, PLUGBOARD_LOG_ERROR, said);
  if (as[0] == 'f') {
    reply.status = PLUGBOARD_UPSTREAM_FAILED;
    reply.message = said;
  }
  if (as[0] == 't') {
    reply.identifiers = &found;
    reply.identifier_count = 1;
  }
  host->complete(host, call, &reply);
}

PLUGIN(good_create, good_start, repeat, good_stop)
