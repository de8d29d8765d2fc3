/* Prints what both sides of the border must agree on: of each struct its size, of each field offset and size, and the
 * numbers. Held against sdk/abi/v1.layout: a change there is a change of the ABI. */
#include <plugboard/abi.h>
#include <plugboard/health.h>
#include <plugboard/host_clock.h>
#include <plugboard/host_files.h>
#include <plugboard/host_http.h>
#include <plugboard/host_kv.h>
#include <plugboard/host_metrics.h>
#include <plugboard/host_oauth2.h>
#include <plugboard/host_secrets.h>
#include <plugboard/host_tcp.h>

#include <stdio.h>

#define STRUCT(type) printf("%s %zu\n", #type, sizeof(type))
#define FIELD(type, field) printf("  %s %zu %zu\n", #field, offsetof(type, field), sizeof(((type*)0)->field))
#define NUMBER(name) printf("%s %lld\n", #name, (long long)(name))

static void values(void) {
  STRUCT(plugboard_prefix);
  FIELD(plugboard_prefix, magic);
  FIELD(plugboard_prefix, abi_major);
  FIELD(plugboard_prefix, abi_minor);
  FIELD(plugboard_prefix, struct_size);
  FIELD(plugboard_prefix, reserved);
  STRUCT(plugboard_str);
  FIELD(plugboard_str, data);
  FIELD(plugboard_str, size);
  STRUCT(plugboard_identifier);
  FIELD(plugboard_identifier, type);
  FIELD(plugboard_identifier, value);
  FIELD(plugboard_identifier, source);
  FIELD(plugboard_identifier, verified);
  FIELD(plugboard_identifier, reserved);
  STRUCT(plugboard_input);
  FIELD(plugboard_input, name);
  FIELD(plugboard_input, data);
  FIELD(plugboard_input, age_ns);
  FIELD(plugboard_input, stale);
  FIELD(plugboard_input, reserved);
}

static void calls(void) {
  STRUCT(plugboard_request);
  FIELD(plugboard_request, p);
  FIELD(plugboard_request, operation);
  FIELD(plugboard_request, reserved);
  FIELD(plugboard_request, deadline_ns);
  FIELD(plugboard_request, tenant);
  FIELD(plugboard_request, section);
  FIELD(plugboard_request, purpose);
  FIELD(plugboard_request, actor);
  FIELD(plugboard_request, language);
  FIELD(plugboard_request, context_id);
  FIELD(plugboard_request, traceparent);
  FIELD(plugboard_request, identifiers);
  FIELD(plugboard_request, identifier_count);
  FIELD(plugboard_request, params);
  FIELD(plugboard_request, credential);
  FIELD(plugboard_request, state);
  FIELD(plugboard_request, inputs);
  FIELD(plugboard_request, input_count);
  STRUCT(plugboard_reply);
  FIELD(plugboard_reply, p);
  FIELD(plugboard_reply, status);
  FIELD(plugboard_reply, flags);
  FIELD(plugboard_reply, data);
  FIELD(plugboard_reply, message);
  FIELD(plugboard_reply, identifiers);
  FIELD(plugboard_reply, identifier_count);
  FIELD(plugboard_reply, retry_after_ns);
}

static void tables(void) {
  STRUCT(plugboard_error);
  FIELD(plugboard_error, p);
  FIELD(plugboard_error, code);
  FIELD(plugboard_error, reserved);
  FIELD(plugboard_error, message);
  STRUCT(plugboard_host);
  FIELD(plugboard_host, p);
  FIELD(plugboard_host, log);
  FIELD(plugboard_host, complete);
  FIELD(plugboard_host, extension);
  STRUCT(plugboard_connector);
  FIELD(plugboard_connector, p);
  FIELD(plugboard_connector, name);
  FIELD(plugboard_connector, version);
  FIELD(plugboard_connector, min_host_minor);
  FIELD(plugboard_connector, reserved16);
  FIELD(plugboard_connector, reserved);
  FIELD(plugboard_connector, create);
  FIELD(plugboard_connector, start);
  FIELD(plugboard_connector, call);
  FIELD(plugboard_connector, cancel);
  FIELD(plugboard_connector, stop);
  FIELD(plugboard_connector, destroy);
  FIELD(plugboard_connector, extension);
  STRUCT(plugboard_note);
  FIELD(plugboard_note, magic);
  FIELD(plugboard_note, abi_major);
  FIELD(plugboard_note, abi_minor);
  FIELD(plugboard_note, abi_hash);
  FIELD(plugboard_note, manifest_hash);
  FIELD(plugboard_note, manifest_size);
  FIELD(plugboard_note, reserved);
}

static void services(void) {
  STRUCT(plugboard_http_header);
  STRUCT(plugboard_http_request);
  FIELD(plugboard_http_request, call);
  FIELD(plugboard_http_request, method);
  FIELD(plugboard_http_request, url);
  FIELD(plugboard_http_request, headers);
  FIELD(plugboard_http_request, header_count);
  FIELD(plugboard_http_request, body);
  FIELD(plugboard_http_request, timeout_ns);
  FIELD(plugboard_http_request, max_body_bytes);
  STRUCT(plugboard_http_response);
  FIELD(plugboard_http_response, error);
  FIELD(plugboard_http_response, status);
  FIELD(plugboard_http_response, headers);
  FIELD(plugboard_http_response, header_count);
  FIELD(plugboard_http_response, body);
  FIELD(plugboard_http_response, message);
  STRUCT(plugboard_host_http_v1);
  FIELD(plugboard_host_http_v1, send);
  STRUCT(plugboard_host_files_v1);
  FIELD(plugboard_host_files_v1, watch);
  FIELD(plugboard_host_files_v1, locate);
  STRUCT(plugboard_host_secrets_v1);
  FIELD(plugboard_host_secrets_v1, get);
  FIELD(plugboard_host_secrets_v1, replace);
  STRUCT(plugboard_host_tcp_v1);
  FIELD(plugboard_host_tcp_v1, locate);
  STRUCT(plugboard_host_clock_v1);
  FIELD(plugboard_host_clock_v1, monotonic_ns);
  FIELD(plugboard_host_clock_v1, wall_ns);
  FIELD(plugboard_host_clock_v1, after);
  STRUCT(plugboard_host_metrics_v1);
  FIELD(plugboard_host_metrics_v1, record);
}

static void keeping(void) {
  STRUCT(plugboard_kv_result);
  FIELD(plugboard_kv_result, status);
  FIELD(plugboard_kv_result, reserved);
  FIELD(plugboard_kv_result, version);
  FIELD(plugboard_kv_result, value);
  STRUCT(plugboard_host_kv_v1);
  FIELD(plugboard_host_kv_v1, get);
  FIELD(plugboard_host_kv_v1, put);
  FIELD(plugboard_host_kv_v1, remove);
  STRUCT(plugboard_oauth2_client);
  FIELD(plugboard_oauth2_client, token_url);
  FIELD(plugboard_oauth2_client, client_id);
  FIELD(plugboard_oauth2_client, client_secret);
  FIELD(plugboard_oauth2_client, refresh_token);
  FIELD(plugboard_oauth2_client, scope);
  FIELD(plugboard_oauth2_client, audience);
  FIELD(plugboard_oauth2_client, resource);
  FIELD(plugboard_oauth2_client, auth);
  FIELD(plugboard_oauth2_client, reserved);
  STRUCT(plugboard_oauth2_token);
  FIELD(plugboard_oauth2_token, error);
  FIELD(plugboard_oauth2_token, reserved);
  FIELD(plugboard_oauth2_token, access_token);
  FIELD(plugboard_oauth2_token, message);
  FIELD(plugboard_oauth2_token, retry_after_ns);
  STRUCT(plugboard_host_oauth2_v1);
  FIELD(plugboard_host_oauth2_v1, token);
  FIELD(plugboard_host_oauth2_v1, invalidate);
  STRUCT(plugboard_health_v1);
  FIELD(plugboard_health_v1, p);
  FIELD(plugboard_health_v1, check);
  NUMBER(PLUGBOARD_KV_MOST_KEY_BYTES);
  NUMBER(PLUGBOARD_KV_MOST_VALUE_BYTES);
  NUMBER(PLUGBOARD_KV_ANY);
  NUMBER(PLUGBOARD_KV_ABSENT);
  NUMBER(PLUGBOARD_SECRET_MOST_BYTES);
  NUMBER(PLUGBOARD_OAUTH2_BASIC);
  NUMBER(PLUGBOARD_OAUTH2_POST);
}

static void numbers(void) {
  NUMBER(PLUGBOARD_MAGIC);
  NUMBER(PLUGBOARD_ABI_MAJOR);
  NUMBER(PLUGBOARD_ABI_MINOR);
  NUMBER(PLUGBOARD_NOTE_TYPE);
  NUMBER(PLUGBOARD_LOOKUP);
  NUMBER(PLUGBOARD_AUTHENTICATE);
  NUMBER(PLUGBOARD_LOGOUT);
  NUMBER(PLUGBOARD_DERIVE);
  NUMBER(PLUGBOARD_EXPORT_SUBJECT);
  NUMBER(PLUGBOARD_ERASE_SUBJECT);
  NUMBER(PLUGBOARD_CHECK_HEALTH);
  NUMBER(PLUGBOARD_OK);
  NUMBER(PLUGBOARD_NOT_FOUND);
  NUMBER(PLUGBOARD_AMBIGUOUS);
  NUMBER(PLUGBOARD_REJECTED);
  NUMBER(PLUGBOARD_CONTINUE);
  NUMBER(PLUGBOARD_TIMEOUT);
  NUMBER(PLUGBOARD_UPSTREAM_REFUSED);
  NUMBER(PLUGBOARD_UPSTREAM_UNAUTHORIZED);
  NUMBER(PLUGBOARD_UPSTREAM_RATE_LIMITED);
  NUMBER(PLUGBOARD_UPSTREAM_FAILED);
  NUMBER(PLUGBOARD_UPSTREAM_MALFORMED);
  NUMBER(PLUGBOARD_UNREACHABLE);
  NUMBER(PLUGBOARD_EGRESS_DENIED);
  NUMBER(PLUGBOARD_TOO_LARGE);
  NUMBER(PLUGBOARD_BUSY);
  NUMBER(PLUGBOARD_CONFLICT);
  NUMBER(PLUGBOARD_FAILED);
  NUMBER(PLUGBOARD_INTERNAL);
  NUMBER(PLUGBOARD_ABANDONED);
  NUMBER(PLUGBOARD_UNSUPPORTED);
  NUMBER(PLUGBOARD_CANCELLED);
  NUMBER(PLUGBOARD_REPLY_VERBATIM);
  NUMBER(PLUGBOARD_LOG_DEBUG);
  NUMBER(PLUGBOARD_LOG_INFO);
  NUMBER(PLUGBOARD_LOG_WARN);
  NUMBER(PLUGBOARD_LOG_ERROR);
}

int main(void) {
  values();
  calls();
  tables();
  services();
  keeping();
  numbers();
  return 0;
}
