#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  (void)instance;
  (void)request;
  (void)call;
}

PLUGIN(good_create, good_start, bad_call, good_stop)
