#include "behave.h"

#include <stdlib.h>

/* Keeps the last call unanswered until destroy: later than stop, earlier than the end of the host. */
typedef struct keeper {
  const plugboard_host* host;
  plugboard_call* kept;
} keeper;

static int32_t keeper_create(const plugboard_host* host, plugboard_str config, void** instance,
                             plugboard_error* error) {
  keeper* made = (keeper*)calloc(1, sizeof(keeper));
  (void)config;
  (void)error;
  if (!made) return PLUGBOARD_FAILED;
  made->host = host;
  *instance = made;
  return PLUGBOARD_OK;
}

static void keeper_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  (void)request;
  ((keeper*)instance)->kept = call;
}

static void keeper_destroy(void* instance) {
  keeper* me = (keeper*)instance;
  if (me->kept) answer(me->host, me->kept, text(GOOD_DATA), "customer_id");
  free(me);
}

static const plugboard_connector table = {PLUGBOARD_PREFIX(plugboard_connector),
                                          PLUGBOARD_PLUGIN_NAME,
                                          PLUGBOARD_PLUGIN_VERSION,
                                          0,
                                          0,
                                          0,
                                          keeper_create,
                                          good_start,
                                          keeper_call,
                                          NULL,
                                          good_stop,
                                          keeper_destroy,
                                          NULL};
ENTRY(&table)
