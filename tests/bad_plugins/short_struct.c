#include "behave.h"

static const plugboard_connector table = {
    {PLUGBOARD_MAGIC, PLUGBOARD_ABI_MAJOR, PLUGBOARD_ABI_MINOR, offsetof(plugboard_connector, call), 0},
    PLUGBOARD_PLUGIN_NAME,
    PLUGBOARD_PLUGIN_VERSION,
    0,
    0,
    0,
    good_create,
    good_start,
    good_call,
    NULL,
    good_stop,
    good_destroy,
    NULL};
ENTRY(&table)
