#define _POSIX_C_SOURCE 200809L /* nanosleep */
#include "behave.h"

#include <time.h>

static void bad_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  struct timespec one_second = {1, 0};
  nanosleep(&one_second, NULL);
  good_call(instance, request, call);
}

PLUGIN(good_create, good_start, bad_call, good_stop)
