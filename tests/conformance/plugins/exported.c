#include "behave.h"

PLUGBOARD_EXPORT_SYMBOL int also_there(void) {
  return 1;
}

PLUGIN(good_create, good_start, good_call, good_stop)
