#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  const plugboard_host* host = (const plugboard_host*)instance;
  if (answered_elsewise(host, request, call)) return;
  answer(host, call, text("{\"customer_id\":\"1\",\"name\":\"Ada\",\"name\":\"Eve\"}"), "customer_id");
}

PLUGIN(good_create, good_start, bad_call, good_stop)
