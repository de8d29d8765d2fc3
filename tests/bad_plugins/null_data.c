#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  plugboard_str nothing = {NULL, 10};
  (void)request;
  answer((const plugboard_host*)instance, call, nothing, "customer_id");
}

PLUGIN(good_create, good_start, bad_call, good_stop)
