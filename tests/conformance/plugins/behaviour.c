/* Plugins that misbehave in ways which the C++ wrapper does not let one: WAY says how. */
#include "behave.h"

#include <plugboard/host_http.h>

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define NEVER 1
#define TWICE 2
#define AFTER_STOP 3

struct asked {
  const plugboard_host* host;
  plugboard_call* call;
};

static void end_with(struct asked* asked, int32_t status) {
  plugboard_reply reply = {PLUGBOARD_PREFIX(plugboard_reply), status, 0, {NULL, 0}, {NULL, 0}, NULL, 0, 0};
  if (status == PLUGBOARD_OK)
    reply.data = text("{\"customer_id\":\"1\",\"emails\":[{\"address\":\"ada@example.com\"}]}");
  if (status == PLUGBOARD_UPSTREAM_RATE_LIMITED) reply.retry_after_ns = 7000000000; /* what the bench says */
  asked->host->complete(asked->host, asked->call, &reply);
}

static void* later(void* user) {
  usleep(100000);
  end_with((struct asked*)user, PLUGBOARD_CANCELLED);
  free(user);
  return NULL;
}

static void on_response(void* user, const plugboard_http_response* response) {
  struct asked* asked = (struct asked*)user;
  pthread_t thread;
  if (WAY == AFTER_STOP && response->error == PLUGBOARD_CANCELLED) {
    if (pthread_create(&thread, NULL, later, user) == 0) pthread_detach(thread);
    return;
  }
  if (response->error != PLUGBOARD_OK)
    end_with(asked, response->error);
  else
    switch (response->status) {
    case 200:
      end_with(asked, response->body.size > 2 && response->body.data[response->body.size - 1] == '}'
                          ? PLUGBOARD_OK
                          : PLUGBOARD_UPSTREAM_MALFORMED);
      break;
    case 401:
    case 403:
      end_with(asked, PLUGBOARD_UPSTREAM_UNAUTHORIZED);
      break;
    case 404:
      end_with(asked, PLUGBOARD_NOT_FOUND);
      break;
    case 302:
    case 408:
      end_with(asked, PLUGBOARD_UPSTREAM_REFUSED);
      break;
    case 429:
      end_with(asked, PLUGBOARD_UPSTREAM_RATE_LIMITED);
      break;
    default:
      end_with(asked, PLUGBOARD_UPSTREAM_FAILED);
      break;
    }
  free(asked);
}

static void ask(const plugboard_host* host, plugboard_call* call) {
  const plugboard_host_http_v1* http = (const plugboard_host_http_v1*)host->extension(host, PLUGBOARD_HOST_HTTP_V1);
  struct asked* asked = (struct asked*)malloc(sizeof *asked);
  plugboard_http_request get;
  memset(&get, 0, sizeof get);
  get.p.magic = PLUGBOARD_MAGIC;
  get.p.abi_major = PLUGBOARD_ABI_MAJOR;
  get.p.struct_size = (uint32_t)sizeof get;
  get.call = call;
  get.method = text("GET");
  get.url = text("https://crm.example/");
  asked->host = host;
  asked->call = call;
  if (http->send(host, &get, asked, on_response) != PLUGBOARD_OK) free(asked);
}

static void call_it(void* instance, const plugboard_request* request, plugboard_call* call) {
  struct asked asked = {(const plugboard_host*)instance, call};
  if (request->operation != PLUGBOARD_LOOKUP || request->section.size != 7) {
    end_with(&asked, PLUGBOARD_UNSUPPORTED);
  } else if (WAY == NEVER) {
    return;
  } else if (WAY == TWICE) {
    end_with(&asked, PLUGBOARD_OK);
    end_with(&asked, PLUGBOARD_OK);
  } else {
    ask(asked.host, call);
  }
}

PLUGIN(good_create, good_start, call_it, good_stop)
