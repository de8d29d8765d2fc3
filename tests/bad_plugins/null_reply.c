#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  const plugboard_host* host = (const plugboard_host*)instance;
  (void)request;
  host->complete(host, call, NULL);
}

PLUGIN(good_create, good_start, bad_call, good_stop)
