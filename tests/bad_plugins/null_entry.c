#include "behave.h"

ENTRY(NULL)
