#include "behave.h"

/* As g++ makes of a function's static in an inline function, when it is let. */
__asm__(".pushsection .data\n"
        ".type also_there, %gnu_unique_object\n"
        "also_there: .long 1\n"
        ".size also_there, 4\n"
        ".popsection\n");

PLUGIN(good_create, good_start, good_call, good_stop)
