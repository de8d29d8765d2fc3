#include "behave.h"
#include "marker.h"

static const plugboard_connector table = {{PLUGBOARD_MAGIC, 2, 0, sizeof(plugboard_connector), 0},
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
