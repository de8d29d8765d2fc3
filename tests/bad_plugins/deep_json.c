#include "behave.h"

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  enum { kDepth = 100000 };

  static const char head[] = "{\"customer_id\":\"1\",\"x\":";
  static char data[sizeof head + 2 * kDepth + 1];
  const plugboard_host* host = (const plugboard_host*)instance;
  if (answered_elsewise(host, request, call)) return;
  memcpy(data, head, sizeof head - 1);
  memset(data + sizeof head - 1, '[', kDepth);
  memset(data + sizeof head - 1 + kDepth, ']', kDepth);
  data[sizeof head - 1 + 2 * kDepth] = '}';
  answer(host, call, text(data), "customer_id");
}

PLUGIN(good_create, good_start, bad_call, good_stop)
