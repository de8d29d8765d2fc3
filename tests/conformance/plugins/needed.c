#include "behave.h"

int nowhere(void);

static int32_t start(void* instance, plugboard_error* error) {
  (void)instance;
  (void)error;
  return nowhere() ? PLUGBOARD_OK : PLUGBOARD_FAILED;
}

PLUGIN(good_create, start, good_call, good_stop)
