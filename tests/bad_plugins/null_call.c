#include "behave.h"

PLUGIN(good_create, good_start, NULL, good_stop)
