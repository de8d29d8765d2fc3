#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  (void)request;
  answer((const plugboard_host*)instance, call,
         text("{\"subject\":\"1\",\"assurance\":\"aal9\",\"methods\":[\"test\"],\"authenticated_at\":1700000000}"),
         "customer_id");
}

PLUGIN(good_create, good_start, bad_call, good_stop)
