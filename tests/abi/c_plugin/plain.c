#include <plugboard/abi.h>

static int32_t create(const plugboard_host* host, plugboard_str config, void** instance, plugboard_error* error) {
  (void)config;
  (void)error;
  *instance = (void*)(uintptr_t)host;
  return PLUGBOARD_OK;
}

static int32_t start(void* instance, plugboard_error* error) {
  (void)instance;
  (void)error;
  return PLUGBOARD_OK;
}

static void call(void* instance, const plugboard_request* request, plugboard_call* asked) {
  const plugboard_host* host = (const plugboard_host*)instance;
  plugboard_reply reply = {PLUGBOARD_PREFIX(plugboard_reply), PLUGBOARD_NOT_FOUND, 0, {0, 0}, {0, 0}, 0, 0, 0};
  (void)request;
  host->complete(host, asked, &reply);
}

static void end(void* instance) {
  (void)instance;
}

const plugboard_connector* plugboard_connector_entry_v1(void) {
  static const plugboard_connector table = {PLUGBOARD_PREFIX(plugboard_connector),
                                            PLUGBOARD_PLUGIN_NAME,
                                            PLUGBOARD_PLUGIN_VERSION,
                                            0,
                                            0,
                                            0,
                                            create,
                                            start,
                                            call,
                                            0,
                                            end,
                                            end,
                                            0};
  return &table;
}
