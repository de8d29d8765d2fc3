#include "behave.h"

/* An address within the code: the loader has to write there. */
__asm__(".pushsection .text\n.quad plugboard_connector_entry_v1\n.popsection\n");

PLUGIN(good_create, good_start, good_call, good_stop)
