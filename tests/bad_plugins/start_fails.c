#include "behave.h"

static int32_t bad_start(void* instance, plugboard_error* error) {
  (void)instance;
  error->code = PLUGBOARD_FAILED;
  strcpy(error->message, "the database does not answer");
  return PLUGBOARD_FAILED;
}

PLUGIN(good_create, bad_start, good_call, good_stop)
