#include "behave.h"

static int32_t bad_create(const plugboard_host* host, plugboard_str config, void** instance, plugboard_error* error) {
  (void)host;
  (void)config;
  (void)instance;
  error->code = PLUGBOARD_FAILED;
  strcpy(error->message, "the setting \"url\" must be an https address");
  return PLUGBOARD_FAILED;
}

PLUGIN(bad_create, good_start, good_call, good_stop)
