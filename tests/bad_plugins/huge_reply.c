#include "behave.h"

#include <stdlib.h>

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  static const char head[] = "{\"customer_id\":\"1\",\"name\":\"";
  const size_t size = (size_t)64 << 20;
  char* data = (char*)malloc(size);
  plugboard_str whole = {data, size};
  if (!data) {
    good_call(instance, request, call);
    return;
  }
  memset(data, 'a', size);
  memcpy(data, head, sizeof head - 1);
  memcpy(data + size - 2, "\"}", 2);
  answer((const plugboard_host*)instance, call, whole, "customer_id");
  free(data);
}

PLUGIN(good_create, good_start, bad_call, good_stop)
