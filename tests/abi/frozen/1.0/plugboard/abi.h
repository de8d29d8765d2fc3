/* The plugin ABI of Plugboard, 1.0. C11, no dependency. A plugin exports one function: plugboard_connector_entry_v1,
 * declared below.
 *
 * It is frozen: any 1.x plugin loads in any 1.y hub. Tables grow at the tail, are read through PLUGBOARD_HAS_FIELD, and
 * everything after 1.0 is optional.
 *
 * Threads.  [init] entry, create, start, stop, destroy: never two at once for one instance, never while a call runs
 *                  (except stop, which ends the calls that still run).
 *           [call] up to max_concurrency at once for one instance. An `async` plugin is called on a thread that serves
 *                  many requests and must return at once; a `blocking` one has a thread of its own for each call.
 *           [any]  from any thread, also at the same time.
 * Memory.   Nothing is freed across the border. A plugboard_str is borrowed: the callee copies what it keeps.
 *           Views in a request live until that call is completed; views in a reply need to live only during
 *           complete(), which copies.
 * Text.     UTF-8, without a closing NUL; payloads are JSON text.
 * Trust.    In-process means trusted: the guards here protect against mistakes, not malice. Containment is the
 *           worker's, which speaks this same table to a process; so nothing here assumes an address space that is
 *           shared beyond one call.
 */
#ifndef PLUGBOARD_ABI_H
#define PLUGBOARD_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PLUGBOARD_MAGIC UINT32_C(0x42474c50) /* "PLGB" in memory, little endian */
#define PLUGBOARD_ABI_MAJOR 1
#define PLUGBOARD_ABI_MINOR 0
#define PLUGBOARD_ENTRY_SYMBOL "plugboard_connector_entry_v1"

#if defined(__GNUC__)
#define PLUGBOARD_EXPORT_SYMBOL __attribute__((visibility("default")))
#else
#define PLUGBOARD_EXPORT_SYMBOL
#endif

/* The first 16 bytes of every table and of every struct that crosses, for ever.
 * Nothing else is read before they pass. */
typedef struct plugboard_prefix {
  uint32_t magic;     /* PLUGBOARD_MAGIC */
  uint16_t abi_major; /* PLUGBOARD_ABI_MAJOR */
  uint16_t abi_minor; /* PLUGBOARD_ABI_MINOR of the header it was built from */
  uint32_t struct_size;
  uint32_t reserved; /* 0 */
} plugboard_prefix;

#define PLUGBOARD_PREFIX(type)                                                                                         \
  { PLUGBOARD_MAGIC, PLUGBOARD_ABI_MAJOR, PLUGBOARD_ABI_MINOR, (uint32_t)sizeof(type), 0 }

/* Is this field there? Ask before reading anything that came after 1.0. */
#define PLUGBOARD_HAS_FIELD(table, type, field)                                                                        \
  (offsetof(type, field) + sizeof((table)->field) <= (table)->p.struct_size)

typedef struct plugboard_str {
  const char* data; /* may be null when size is 0 */
  size_t size;      /* bytes */
} plugboard_str;

/* One fact that names the customer in some system. Never grows: what else there is to say goes elsewhere. */
typedef struct plugboard_identifier {
  plugboard_str type; /* "email", "customer_id", "crm.rep": the grammar is the contract's */
  plugboard_str value;
  plugboard_str source; /* the connector that said so; set by the hub, ignored from a plugin */
  uint32_t verified;    /* 0 or 1 */
  uint32_t reserved;    /* 0 */
} plugboard_identifier;

/* Of a section that is computed from others: one of those, whose answer is there. Never grows. */
typedef struct plugboard_input {
  plugboard_str name; /* the input's own, as the manifest has it under "from" */
  plugboard_str data; /* a JSON object of the input's shape, as the hub has read it */
  int64_t age_ns;     /* how old it was when it came; 0: its system was asked now */
  uint32_t stale;     /* 0, or 1: its system failed, and this is what it said before */
  uint32_t reserved;  /* 0 */
} plugboard_input;

/* Operations. */
#define PLUGBOARD_LOOKUP 1       /* contribute one section about this customer */
#define PLUGBOARD_AUTHENTICATE 2 /* prove who the customer is, in one step or several */
#define PLUGBOARD_LOGOUT 3       /* an issuer says that a customer's login there is over: check it, say whose */
#define PLUGBOARD_DERIVE 4       /* compute one section from others: request.inputs */
/* What the person behind the data has a right to; asked with the identifiers that the manifest's "subject" needs.
 * Erase, asked again, finds nothing more: OK with 0 erased, or NOT_FOUND. */
#define PLUGBOARD_EXPORT_SUBJECT 5 /* give all that the system holds about this customer; changes nothing */
#define PLUGBOARD_ERASE_SUBJECT 6  /* erase it, and say what stays and why */

/* How a call ended: plugboard_reply.status. */
#define PLUGBOARD_OK 1
#define PLUGBOARD_NOT_FOUND 2 /* the system answered: it does not know this customer */
#define PLUGBOARD_AMBIGUOUS 3 /* several records could be this customer */
#define PLUGBOARD_REJECTED                                                                                             \
  4                                        /* authenticate, logout: this credential proves nothing. May carry one      \
                                              identifier: whom it was tried for, so that the hub can count; the client \
                                              never sees it */
#define PLUGBOARD_CONTINUE 5               /* authenticate: so far so good, the client must do something more */
#define PLUGBOARD_TIMEOUT 10               /* the system did not answer in time */
#define PLUGBOARD_UPSTREAM_REFUSED 11      /* it refused the question (4xx, permission) */
#define PLUGBOARD_UPSTREAM_UNAUTHORIZED 12 /* it refused our credentials (401, 403) */
#define PLUGBOARD_UPSTREAM_RATE_LIMITED 13 /* 429; set retry_after_ns when it said when */
#define PLUGBOARD_UPSTREAM_FAILED 14       /* 5xx, an SQL error */
#define PLUGBOARD_UPSTREAM_MALFORMED 15    /* what came is not what it must be */
#define PLUGBOARD_UNREACHABLE 16           /* DNS, connect, TLS */
#define PLUGBOARD_EGRESS_DENIED 17         /* the hub refused the address */
#define PLUGBOARD_TOO_LARGE 18             /* the answer is over the limit */
#define PLUGBOARD_BUSY 19                  /* the plugin's own queue or pool is full */
#define PLUGBOARD_CONFLICT 20              /* kv/1: something else is there than was expected; of no reply */
#define PLUGBOARD_FAILED 30                /* the plugin failed, and says why in message */
#define PLUGBOARD_INTERNAL 31              /* an exception ended in the wrapper */
#define PLUGBOARD_ABANDONED 32             /* the call object was dropped without an answer */
#define PLUGBOARD_UNSUPPORTED 33           /* no such operation, section or extension */
#define PLUGBOARD_CANCELLED 34             /* the hub cancelled, and the plugin gave up */

/* Log levels. */
#define PLUGBOARD_LOG_DEBUG 1
#define PLUGBOARD_LOG_INFO 2
#define PLUGBOARD_LOG_WARN 3
#define PLUGBOARD_LOG_ERROR 4

typedef struct plugboard_host plugboard_host;
typedef struct plugboard_call plugboard_call; /* the hub's; a handle of one call, valid until it is completed */

typedef struct plugboard_request {
  plugboard_prefix p;
  int32_t operation; /* PLUGBOARD_LOOKUP, … */
  uint32_t reserved;
  int64_t deadline_ns;                     /* nanoseconds left when the call was made */
  plugboard_str tenant;                    /* never empty */
  plugboard_str section;                   /* lookup, derive: the section's own name, "contact" of "crm.contact" */
  plugboard_str purpose;                   /* why it is asked; may be empty */
  plugboard_str actor;                     /* on whose behalf besides the client's; may be empty */
  plugboard_str language;                  /* BCP 47; may be empty */
  plugboard_str context_id;                /* of the request this call belongs to; for logs */
  plugboard_str traceparent;               /* W3C Trace Context for outgoing calls; may be empty */
  const plugboard_identifier* identifiers; /* only those that the section or subject needs */
  size_t identifier_count;
  plugboard_str params;          /* lookup, derive: a JSON object, "{}" when none */
  plugboard_str credential;      /* authenticate: the JSON object that the client sent, with this step.
                                  * logout: {"logout_token": "..."}, as the issuer sent it */
  plugboard_str state;           /* authenticate, each step after the first: what CONTINUE gave; else empty */
  const plugboard_input* inputs; /* derive: each one of the section's that has come; those that are required always */
  size_t input_count;
} plugboard_request;

/* plugboard_reply.flags. VERBATIM: data is an upstream's own text, unread: what is wrong with it is its fault. */
#define PLUGBOARD_REPLY_VERBATIM UINT32_C(1)

typedef struct plugboard_reply {
  plugboard_prefix p;
  int32_t status; /* PLUGBOARD_OK, … */
  uint32_t flags; /* PLUGBOARD_REPLY_…; the rest 0 */
  /* lookup, derive OK: the section's data, a JSON object.
   * authenticate OK: {"issuer", "subject", "assurance": "aal1"|"aal2"|"aal3", "methods": ["jwt"],
   *                   "authenticated_at": unix seconds, "expires_at": unix seconds (optional),
   *                   "session": the issuer's own name for this login (optional)}
   * authenticate CONTINUE: {"state": text of at most 32 KiB, "challenge": {"type": ...}, "expires_at": unix seconds}.
   *                   The hub keeps the state, encrypted, and gives it back once, with what this client sends next.
   *                   The client sees the challenge only: {"type": "redirect", "url": "https://..."}: the customer's
   *                   browser goes there; {"type": "code", ...}: the customer is asked for a code. Both may say more.
   * logout OK: {"issuer", and "subject" or "session" or both}: the sessions of that login end.
   * export OK: a JSON object, of whatever members.
   * erase OK: {"erased": how many records, 0 when there were none left,
   *            "kept": [{"what": which records, "why": what demands that they stay}] (optional)} */
  plugboard_str data;
  plugboard_str message;                   /* for the operator: what went wrong; never a credential or payload */
  const plugboard_identifier* identifiers; /* what the call yields: types that the section or plugin declares */
  size_t identifier_count;
  int64_t retry_after_ns; /* UPSTREAM_RATE_LIMITED, BUSY: 0 when unknown */
} plugboard_reply;

/* Filled by the plugin when create or start fails; the hub gives room for the text. */
typedef struct plugboard_error {
  plugboard_prefix p;
  int32_t code; /* PLUGBOARD_FAILED, … */
  uint32_t reserved;
  char message[512]; /* NUL-terminated UTF-8: what is wrong with which setting, and what to do */
} plugboard_error;

/* Given to create(); valid until destroy() returns. All functions [any], none throws. */
struct plugboard_host {
  plugboard_prefix p;
  void (*log)(const plugboard_host* self, int32_t level, plugboard_str message);
  /* Exactly once for each call, before or after call() returns.
   * A second, missing or late one is counted and harmless. */
  void (*complete)(const plugboard_host* self, plugboard_call* call, const plugboard_reply* reply);
  /* A host service by id, "plugboard.host.http/1"; null when this hub has none. Lives as long as the host. */
  const void* (*extension)(const plugboard_host* self, const char* id);
};

/* Returned by the entry; static storage. */
typedef struct plugboard_connector {
  plugboard_prefix p;
  const char* name;        /* as in the manifest */
  const char* version;     /* as in the manifest */
  uint16_t min_host_minor; /* the hub must be at least 1.this */
  uint16_t reserved16;
  uint32_t reserved;
  /* [init] config: a JSON object, checked against the manifest's schema; secrets in it are handles (host_secrets.h). */
  int32_t (*create)(const plugboard_host* host, plugboard_str config, void** instance, plugboard_error* error);
  int32_t (*start)(void* instance, plugboard_error* error); /* [init] PLUGBOARD_OK, or why not */
  void (*call)(void* instance, const plugboard_request* request, plugboard_call* call); /* [call] every operation */
  void (*cancel)(void* instance, plugboard_call* call); /* [any] optional; a hint: the answer is no longer awaited */
  /* [init] Returns when no thread of the plugin runs and no completion is to come; twice is fine, without start too. */
  void (*stop)(void* instance);
  void (*destroy)(void* instance);                          /* [init] */
  const void* (*extension)(void* instance, const char* id); /* [any] optional */
} plugboard_connector;

/* The one symbol. */
PLUGBOARD_EXPORT_SYMBOL const plugboard_connector* plugboard_connector_entry_v1(void);

/* The ELF note that plugboard_add_plugin() writes: name "plugboard", type 1, this descriptor, then `manifest_size`
 * bytes of JSON, {"manifest": {…}, "config_schema": {…}}. Read before anything of the file is run. Little endian. */
#define PLUGBOARD_NOTE_NAME "plugboard"
#define PLUGBOARD_NOTE_TYPE 1

typedef struct plugboard_note {
  uint32_t magic;
  uint16_t abi_major, abi_minor;
  uint8_t abi_hash[32];      /* SHA-256 of abi.h: which it was built from, for people */
  uint8_t manifest_hash[32]; /* SHA-256 of the bytes that follow */
  uint32_t manifest_size;
  uint32_t reserved;
} plugboard_note;

#ifdef __cplusplus
}
#endif
#endif
