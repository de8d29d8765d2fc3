#include "core/wire/kept.hpp"

#include "core/wire/abi_text.hpp"

#include <utility>

namespace plugboard::wire {
namespace {

void put_client(FieldWriter& fields, const plugboard_oauth2_client& client) {
  for (const plugboard_str text : {client.token_url, client.client_id, client.client_secret, client.refresh_token,
                                   client.scope, client.audience, client.resource})
    fields.text(view(text));
  fields.i32(client.auth);
}

plugboard_oauth2_client take_client(FieldReader& fields) {
  plugboard_oauth2_client client{};
  client.p = PLUGBOARD_PREFIX(plugboard_oauth2_client);
  for (plugboard_str* text : {&client.token_url, &client.client_id, &client.client_secret, &client.refresh_token,
                              &client.scope, &client.audience, &client.resource})
    *text = str(fields.text());
  client.auth = fields.i32();
  return client;
}

} // namespace

void write(std::string& out, const KvAsk& message) {
  FrameWriter frame(out, Type::kv_ask);
  frame.u64(message.number);
  frame.u64(message.call);
  frame.u8(static_cast<std::uint8_t>(message.work));
  frame.text(message.key);
  frame.text(message.value);
  frame.i64(message.ttl_ns);
  frame.i64(message.only_if);
}

std::optional<KvAsk> read_kv_ask(std::string_view body) {
  FieldReader fields(body);
  KvAsk ask;
  ask.number = fields.u64();
  ask.call = fields.u64();
  const std::uint8_t work = fields.u8();
  if (work < static_cast<std::uint8_t>(KvWork::get) || work > static_cast<std::uint8_t>(KvWork::remove))
    return std::nullopt;
  ask.work = static_cast<KvWork>(work);
  ask.key = fields.text();
  ask.value = fields.text();
  ask.ttl_ns = fields.i64();
  ask.only_if = fields.i64();
  return whole(fields, std::move(ask));
}

void write(std::string& out, const KvTold& message) {
  FrameWriter frame(out, Type::kv_told);
  frame.u64(message.number);
  frame.i32(message.status);
  frame.i64(message.version);
  frame.text(message.value);
}

std::optional<KvTold> read_kv_told(std::string_view body) {
  FieldReader fields(body);
  KvTold told;
  told.number = fields.u64();
  told.status = fields.i32();
  told.version = fields.i64();
  told.value = fields.text();
  return whole(fields, std::move(told));
}

void write(std::string& out, const SecretReplace& message) {
  FrameWriter frame(out, Type::secret_replace);
  frame.u64(message.number);
  frame.text(message.handle);
  frame.text(message.value);
}

std::optional<SecretReplace> read_secret_replace(std::string_view body) {
  FieldReader fields(body);
  SecretReplace replace;
  replace.number = fields.u64();
  replace.handle = fields.text();
  replace.value = fields.text();
  return whole(fields, std::move(replace));
}

void write(std::string& out, const SecretReplaced& message) {
  FrameWriter frame(out, Type::secret_replaced);
  frame.u64(message.number);
  frame.i32(message.outcome);
}

std::optional<SecretReplaced> read_secret_replaced(std::string_view body) {
  FieldReader fields(body);
  SecretReplaced replaced;
  replaced.number = fields.u64();
  replaced.outcome = fields.i32();
  return whole(fields, std::move(replaced));
}

void write(std::string& out, const TokenAsk& message) {
  FrameWriter frame(out, Type::token_ask);
  frame.u64(message.number);
  frame.u64(message.call);
  put_client(frame, message.client);
}

std::optional<TokenAsk> read_token_ask(std::string_view body) {
  FieldReader fields(body);
  TokenAsk ask;
  ask.number = fields.u64();
  ask.call = fields.u64();
  ask.client = take_client(fields);
  return whole(fields, std::move(ask));
}

void write(std::string& out, const TokenTold& message) {
  FrameWriter frame(out, Type::token_told);
  frame.u64(message.number);
  frame.i32(message.error);
  frame.text(message.access_token);
  frame.text(message.message);
  frame.i64(message.retry_after_ns);
}

std::optional<TokenTold> read_token_told(std::string_view body) {
  FieldReader fields(body);
  TokenTold told;
  told.number = fields.u64();
  told.error = fields.i32();
  told.access_token = fields.text();
  told.message = fields.text();
  told.retry_after_ns = fields.i64();
  return whole(fields, std::move(told));
}

void write(std::string& out, const TokenRefused& message) {
  FrameWriter frame(out, Type::token_refused);
  put_client(frame, message.client);
  frame.text(message.access_token);
}

std::optional<TokenRefused> read_token_refused(std::string_view body) {
  FieldReader fields(body);
  TokenRefused refused;
  refused.client = take_client(fields);
  refused.access_token = fields.text();
  return whole(fields, std::move(refused));
}

} // namespace plugboard::wire
