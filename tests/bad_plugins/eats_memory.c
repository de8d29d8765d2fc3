#include "behave.h"

#include <stdlib.h>

static char* volatile last; /* so that nobody finds it to be for nothing */

/* Each call takes 300 MiB for good. */
static void call(void* instance, const plugboard_request* request, plugboard_call* handle) {
  const size_t size = (size_t)300 << 20;
  last = (char*)malloc(size);
  if (last != NULL) memset(last, 1, size);
  good_call(instance, request, handle);
}

PLUGIN(good_create, good_start, call, good_stop)
