/* A connector in C: says whether a customer's e-mail address is one of the big free mail services. */
#include <plugboard/abi.h>

#include <string.h>

static int32_t create(const plugboard_host* host, plugboard_str config, void** instance, plugboard_error* error) {
  (void)config, (void)error; /* checked by the hub against config.schema.json; create can't fail here */
  *instance = (void*)host;
  return PLUGBOARD_OK;
}

static int32_t start(void* instance, plugboard_error* error) {
  (void)instance, (void)error;
  return PLUGBOARD_OK;
}

static int ends_with(plugboard_str text, const char* end) {
  const size_t size = strlen(end);
  return text.size > size && memcmp(text.data + text.size - size, end, size) == 0;
}

static int is(plugboard_str text, const char* other) {
  return text.size == strlen(other) && memcmp(text.data, other, text.size) == 0;
}

static plugboard_str text(const char* literal) {
  const plugboard_str view = {literal, strlen(literal)};
  return view;
}

static void call(void* instance, const plugboard_request* request, plugboard_call* asked) {
  const plugboard_host* host = (const plugboard_host*)instance;
  plugboard_reply reply = {.p = PLUGBOARD_PREFIX(plugboard_reply), .status = PLUGBOARD_UNSUPPORTED};
  if (request->operation == PLUGBOARD_LOOKUP && is(request->section, "mail") && request->identifier_count > 0) {
    const plugboard_str email = request->identifiers[0].value; /* the one type that the manifest says we need */
    const int is_free = ends_with(email, "@gmail.com") || ends_with(email, "@outlook.com");
    reply.status = PLUGBOARD_OK;
    reply.data = text(is_free ? "{\"free_mail\":true}" : "{\"free_mail\":false}");
  }
  host->complete(host, asked, &reply);
}

static void end(void* instance) {
  (void)instance;
}

const plugboard_connector* plugboard_connector_entry_v1(void) {
  static const plugboard_connector table = {.p = PLUGBOARD_PREFIX(plugboard_connector),
                                            .name = PLUGBOARD_PLUGIN_NAME,
                                            .version = PLUGBOARD_PLUGIN_VERSION,
                                            .create = create,
                                            .start = start,
                                            .call = call, /* no cancel: nothing here waits */
                                            .stop = end,
                                            .destroy = end};
  return &table;
}
