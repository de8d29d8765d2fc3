#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  const plugboard_host* host = (const plugboard_host*)instance;
  good_call(instance, request, call);
  answer(host, call, text("{\"customer_id\":\"2\",\"name\":\"Eve\"}"), "customer_id");
}

PLUGIN(good_create, good_start, bad_call, good_stop)
