#include "behave.h"

static const plugboard_connector table = {PLUGBOARD_PREFIX(plugboard_connector),
                                          "somebody_else",
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
