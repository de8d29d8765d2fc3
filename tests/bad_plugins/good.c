#include "behave.h"

PLUGIN(good_create, good_start, good_call, good_stop)
