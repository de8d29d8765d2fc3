/* Answers an authentication with the challenge that its language names: the ways in which one can be wrong. With a
 * state it was asked for the second step, and proves. */
#include "behave.h"

#include <stdlib.h>

static void challenge(const plugboard_host* host, plugboard_call* call, const char* data) {
  plugboard_reply reply = {PLUGBOARD_PREFIX(plugboard_reply), PLUGBOARD_CONTINUE, 0, {NULL, 0}, {NULL, 0}, NULL, 0, 0};
  reply.data = text(data);
  host->complete(host, call, &reply);
}

static int is(plugboard_str said, const char* wanted) {
  return said.size == strlen(wanted) && memcmp(said.data, wanted, said.size) == 0;
}

static void large_state(const plugboard_host* host, plugboard_call* call) {
  const size_t most = 33 * 1024;
  char* data = malloc(most + 128);
  if (data == NULL) return;
  strcpy(data, "{\"state\":\"");
  const size_t head = strlen(data);
  memset(data + head, 'x', most);
  strcpy(data + head + most, "\",\"challenge\":{\"type\":\"code\"},\"expires_at\":1700000600}");
  challenge(host, call, data);
  free(data);
}

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  const plugboard_host* host = (const plugboard_host*)instance;
  const char* first = "{\"state\":\"begun\",\"challenge\":{\"type\":\"code\"},\"expires_at\":1700000600}";
  if (is(request->state, "begun"))
    answered_elsewise(host, request, call);
  else if (is(request->language, "large-state"))
    large_state(host, call);
  else if (is(request->language, "unknown-type"))
    challenge(host, call, "{\"state\":\"s\",\"challenge\":{\"type\":\"dance\"},\"expires_at\":1700000600}");
  else if (is(request->language, "no-object"))
    challenge(host, call, "{\"state\":\"s\",\"challenge\":\"code\",\"expires_at\":1700000600}");
  else
    challenge(host, call, first);
}

PLUGIN(good_create, good_start, bad_call, good_stop)
