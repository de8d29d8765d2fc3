/* A plugin that behaves, in pieces: each bad plugin replaces one of them. */
#ifndef BEHAVE_H
#define BEHAVE_H

#include <plugboard/abi.h>

#include <stdio.h>
#include <string.h>

static inline plugboard_str text(const char* s) {
  plugboard_str made = {s, strlen(s)};
  return made;
}

static inline void answer(const plugboard_host* host, plugboard_call* call, plugboard_str data, const char* yield) {
  plugboard_identifier found = {text(yield), text("1"), {NULL, 0}, 1, 0};
  plugboard_reply reply = {PLUGBOARD_PREFIX(plugboard_reply), PLUGBOARD_OK, 0, data, {NULL, 0}, &found, 1, 0};
  host->complete(host, call, &reply);
}

/* What a well-behaved lookup says. */
#define GOOD_DATA "{\"customer_id\":\"1\",\"name\":\"Ada\"}"

/* Everything but a lookup is answered here; true when it was. */
static inline int answered_elsewise(const plugboard_host* host, const plugboard_request* request,
                                    plugboard_call* call) {
  if (request->operation == PLUGBOARD_LOOKUP) return 0;
  answer(host, call,
         text("{\"issuer\":\"test\",\"subject\":\"1\",\"assurance\":\"aal1\",\"methods\":[\"test\"],"
              "\"authenticated_at\":1700000000}"),
         "customer_id");
  return 1;
}

static inline int32_t good_create(const plugboard_host* host, plugboard_str config, void** instance,
                                  plugboard_error* error) {
  (void)config;
  (void)error;
  *instance = (void*)(uintptr_t)host; /* all that it needs */
  return PLUGBOARD_OK;
}

static inline int32_t good_start(void* instance, plugboard_error* error) {
  (void)instance;
  (void)error;
  return PLUGBOARD_OK;
}

static inline void good_call(void* instance, const plugboard_request* request, plugboard_call* call) {
  const plugboard_host* host = (const plugboard_host*)instance;
  char data[1024];
  plugboard_str email = {"", 0};
  if (answered_elsewise(host, request, call)) return;
  if (request->identifier_count > 0) email = request->identifiers[0].value;
  snprintf(data, sizeof data, "{\"customer_id\":\"1\",\"name\":\"Ada\",\"emails\":[{\"address\":\"%.*s\"}]}",
           (int)email.size, email.data);
  answer(host, call, text(data), "customer_id");
}

static inline void good_stop(void* instance) {
  (void)instance;
}

static inline void good_destroy(void* instance) {
  (void)instance;
}

#define TABLE(CREATE, START, CALL, STOP)                                                                               \
  {                                                                                                                    \
    PLUGBOARD_PREFIX(plugboard_connector), PLUGBOARD_PLUGIN_NAME, PLUGBOARD_PLUGIN_VERSION, 0, 0, 0, CREATE, START,    \
        CALL, NULL, STOP, good_destroy, NULL                                                                           \
  }
#define ENTRY(table)                                                                                                   \
  const plugboard_connector* plugboard_connector_entry_v1(void) {                                                      \
    return table;                                                                                                      \
  }
#define PLUGIN(CREATE, START, CALL, STOP)                                                                              \
  static const plugboard_connector table = TABLE(CREATE, START, CALL, STOP);                                           \
  ENTRY(&table)

#endif
