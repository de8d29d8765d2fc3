/* A plugin as it was written for ABI 1.0, against the headers of that day (../frozen/1.0): what later hubs must load
 * and serve, for ever. It never changes; what came later has plugins of its own. Answers "profile" with what the
 * upstream at config.url says, asked with the secret config.key. */
#include <plugboard/abi.h>
#include <plugboard/host_clock.h>
#include <plugboard/host_http.h>
#include <plugboard/host_metrics.h>
#include <plugboard/host_secrets.h>

#include <stdlib.h>
#include <string.h>

typedef struct connector {
  const plugboard_host* host;
  const plugboard_host_http_v1* http;
  const plugboard_host_secrets_v1* secrets;
  const plugboard_host_metrics_v1* metrics;
  const plugboard_host_clock_v1* clock;
  char url[256], key[256];
} connector;

typedef struct asked {
  connector* self;
  plugboard_call* call;
  int64_t since_ns;
  char key[256];
} asked;

static plugboard_str text(const char* from) {
  plugboard_str view = {from, strlen(from)};
  return view;
}

/* The text of a member of the configuration, which the hub has held against the schema. */
static void member_of(plugboard_str config, const char* name, char* into, size_t room) {
  char all[2048] = "";
  const char *found, *begin, *end;
  memcpy(all, config.data, config.size < sizeof all ? config.size : sizeof all - 1);
  found = strstr(all, name);
  begin = found ? strchr(strchr(found, ':'), '"') : NULL;
  end = begin ? strchr(begin + 1, '"') : NULL;
  if (end && (size_t)(end - begin) < room) memcpy(into, begin + 1, (size_t)(end - begin - 1));
}

static int32_t create(const plugboard_host* host, plugboard_str config, void** instance, plugboard_error* error) {
  connector* self = calloc(1, sizeof *self);
  if (self == NULL) return PLUGBOARD_FAILED;
  self->host = host;
  self->http = host->extension(host, PLUGBOARD_HOST_HTTP_V1);
  self->secrets = host->extension(host, PLUGBOARD_HOST_SECRETS_V1);
  self->metrics = host->extension(host, PLUGBOARD_HOST_METRICS_V1);
  self->clock = host->extension(host, PLUGBOARD_HOST_CLOCK_V1);
  member_of(config, "\"url\"", self->url, sizeof self->url);
  member_of(config, "\"secret\"", self->key, sizeof self->key);
  if (!self->http || !self->secrets || !self->metrics || !self->clock || !self->url[0]) {
    strncpy(error->message, "this hub lacks a service that every hub of ABI 1 has", sizeof error->message - 1);
    error->code = PLUGBOARD_FAILED;
    free(self);
    return PLUGBOARD_FAILED;
  }
  *instance = self;
  return PLUGBOARD_OK;
}

static int32_t start(void* instance, plugboard_error* error) {
  connector* self = instance;
  (void)error;
  self->host->log(self->host, PLUGBOARD_LOG_INFO, text("written for 1.0"));
  return PLUGBOARD_OK;
}

static void answer(connector* self, plugboard_call* call, int32_t status, plugboard_str data) {
  const plugboard_prefix prefix = PLUGBOARD_PREFIX(plugboard_reply);
  plugboard_reply reply;
  memset(&reply, 0, sizeof reply);
  reply.p = prefix;
  reply.status = status;
  reply.flags = PLUGBOARD_REPLY_VERBATIM;
  reply.data = data;
  self->host->complete(self->host, call, &reply);
}

static void came(void* user, const plugboard_http_response* response) {
  asked* one = user;
  plugboard_str nothing = {0, 0};
  if (response->error != PLUGBOARD_OK)
    answer(one->self, one->call, response->error, nothing);
  else if (response->status != 200 || one->self->clock->monotonic_ns(one->self->host) < one->since_ns)
    answer(one->self, one->call, PLUGBOARD_UPSTREAM_FAILED, nothing);
  else
    answer(one->self, one->call, PLUGBOARD_OK, response->body);
  free(one);
}

static void take_key(void* user, plugboard_str value) {
  asked* one = user;
  memcpy(one->key, value.data, value.size < sizeof one->key ? value.size : 0);
}

static void call(void* instance, const plugboard_request* request, plugboard_call* call) {
  connector* self = instance;
  asked* one = calloc(1, sizeof *one);
  const plugboard_prefix prefix = PLUGBOARD_PREFIX(plugboard_http_request);
  plugboard_http_request get;
  plugboard_http_header key = {{0, 0}, {0, 0}};
  plugboard_str nothing = {0, 0};
  if (one == NULL || request->operation != PLUGBOARD_LOOKUP || request->identifier_count == 0) {
    free(one);
    answer(self, call, PLUGBOARD_UNSUPPORTED, nothing);
    return;
  }
  memset(&get, 0, sizeof get);
  get.p = prefix;
  one->self = self;
  one->call = call;
  one->since_ns = self->clock->monotonic_ns(self->host);
  self->secrets->get(self->host, text(self->key), one, take_key);
  self->metrics->record(self->host, text("asked_total"), NULL, 0, 1);
  key.name = text("x-key");
  key.value = text(one->key);
  get.call = call;
  get.method = text("GET");
  get.url = text(self->url);
  get.headers = &key;
  get.header_count = 1;
  if (self->http->send(self->host, &get, one, came) != PLUGBOARD_OK) {
    free(one);
    answer(self, call, PLUGBOARD_INTERNAL, nothing);
  }
}

static void stop(void* instance) {
  (void)instance;
}

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
                                          stop,
                                          free,
                                          0
#if PLUGBOARD_ABI_MINOR > 0 /* the made-up header of tests/abi/then/later.cmake */
                                          ,
                                          stop
#endif
};

const plugboard_connector* plugboard_connector_entry_v1(void) {
  return &table;
}
