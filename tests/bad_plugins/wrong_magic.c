#include "behave.h"

static const plugboard_connector table = {
    {0x12345678, PLUGBOARD_ABI_MAJOR, PLUGBOARD_ABI_MINOR, sizeof(plugboard_connector), 0},
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
