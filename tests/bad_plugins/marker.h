/* Leaves a trace when any code of this library runs, as its constructors do on dlopen. */
#ifndef MARKER_H
#define MARKER_H

#include <stdio.h>
#include <stdlib.h>

__attribute__((constructor)) static void leave_a_trace(void) {
  const char* path = getenv("PLUGBOARD_BAD_PLUGIN_MARKER");
  FILE* file = path ? fopen(path, "w") : NULL;
  if (file) fclose(file);
}

#endif
