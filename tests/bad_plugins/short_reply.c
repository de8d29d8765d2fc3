#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  const plugboard_host* host = (const plugboard_host*)instance;
  plugboard_reply reply = {
      PLUGBOARD_PREFIX(plugboard_reply), PLUGBOARD_OK, 0, {GOOD_DATA, sizeof GOOD_DATA - 1}, {NULL, 0}, NULL, 0, 0};
  (void)request;
  reply.p.struct_size = sizeof reply.p;
  host->complete(host, call, &reply);
}

PLUGIN(good_create, good_start, bad_call, good_stop)
