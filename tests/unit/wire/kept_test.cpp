#include "core/wire/kept.hpp"

#include "core/wire/abi_text.hpp"

#include <gtest/gtest.h>

namespace plugboard::wire {
namespace {

template <class Message>
std::string body_of(const Message& message, Type type) { // of the one frame that was written
  std::string bytes;
  write(bytes, message);
  EXPECT_EQ(bytes.size(), 4 + FieldReader(bytes).u32());
  EXPECT_EQ(bytes[4], static_cast<char>(type));
  return bytes.substr(kHeadBytes);
}

// A message that is cut short anywhere, or has a byte too many, is none.
template <class Read>
void expect_whole(const std::string& body, Read read) {
  EXPECT_TRUE(read(body));
  for (std::size_t size = 0; size < body.size(); ++size)
    EXPECT_FALSE(read(std::string_view(body).substr(0, size))) << "cut at " << size;
  EXPECT_FALSE(read(body + '\0'));
}

TEST(WireKeptTest, WhatIsAskedOfAKeptValueComesAsItWas) {
  const std::string body = body_of(KvAsk{7, 9, KvWork::put, "key", "value", 11, -1}, Type::kv_ask);
  expect_whole(body, read_kv_ask);
  const auto read = read_kv_ask(body);
  EXPECT_EQ(read->number, 7U);
  EXPECT_EQ(read->call, 9U);
  EXPECT_EQ(read->work, KvWork::put);
  EXPECT_EQ(read->key, "key");
  EXPECT_EQ(read->value, "value");
  EXPECT_EQ(read->ttl_ns, 11);
  EXPECT_EQ(read->only_if, -1);
}

TEST(WireKeptTest, WorkThatNobodyKnowsIsNone) {
  for (const char work : {'\0', '\4', '\xff'}) {
    std::string body = body_of(KvAsk{7, 9, KvWork::put, "key", "value", 11, -1}, Type::kv_ask);
    body[16] = work;
    EXPECT_FALSE(read_kv_ask(body));
  }
}

TEST(WireKeptTest, WhatBecameOfItComesAsItWas) {
  const std::string body = body_of(KvTold{7, PLUGBOARD_OK, 5, "value"}, Type::kv_told);
  expect_whole(body, read_kv_told);
  EXPECT_EQ(read_kv_told(body)->number, 7U);
  EXPECT_EQ(read_kv_told(body)->status, PLUGBOARD_OK);
  EXPECT_EQ(read_kv_told(body)->version, 5);
  EXPECT_EQ(read_kv_told(body)->value, "value");
}

TEST(WireKeptTest, ASecretsNewValueAndItsEndComeAsTheyWere) {
  const std::string body = body_of(SecretReplace{7, "/refresh", "value"}, Type::secret_replace);
  expect_whole(body, read_secret_replace);
  EXPECT_EQ(read_secret_replace(body)->handle, "/refresh");
  EXPECT_EQ(read_secret_replace(body)->value, "value");
  const std::string end = body_of(SecretReplaced{7, PLUGBOARD_BUSY}, Type::secret_replaced);
  expect_whole(end, read_secret_replaced);
  EXPECT_EQ(read_secret_replaced(end)->outcome, PLUGBOARD_BUSY);
}

TEST(WireKeptTest, AnAccessTokenComesAsItWas) {
  plugboard_oauth2_client client{};
  client.token_url = str("https://id.example/token");
  client.client_id = str("hub");
  client.client_secret = str("/secret");
  client.refresh_token = str("/refresh");
  client.scope = str("read");
  client.audience = str("crm");
  client.resource = str("https://crm.example");
  client.auth = PLUGBOARD_OAUTH2_POST;
  const std::string body = body_of(TokenAsk{7, 9, client}, Type::token_ask);
  expect_whole(body, read_token_ask);
  const auto read = read_token_ask(body);
  EXPECT_EQ(read->call, 9U);
  EXPECT_EQ(read->client.p.struct_size, sizeof client);
  EXPECT_EQ(view(read->client.token_url), "https://id.example/token");
  EXPECT_EQ(view(read->client.client_id), "hub");
  EXPECT_EQ(view(read->client.client_secret), "/secret");
  EXPECT_EQ(view(read->client.refresh_token), "/refresh");
  EXPECT_EQ(view(read->client.scope), "read");
  EXPECT_EQ(view(read->client.audience), "crm");
  EXPECT_EQ(view(read->client.resource), "https://crm.example");
  EXPECT_EQ(read->client.auth, PLUGBOARD_OAUTH2_POST);

  const std::string told = body_of(TokenTold{7, PLUGBOARD_OK, "token", "said", 3}, Type::token_told);
  expect_whole(told, read_token_told);
  EXPECT_EQ(read_token_told(told)->access_token, "token");
  EXPECT_EQ(read_token_told(told)->message, "said");
  EXPECT_EQ(read_token_told(told)->retry_after_ns, 3);

  const std::string refused = body_of(TokenRefused{client, "token"}, Type::token_refused);
  expect_whole(refused, read_token_refused);
  EXPECT_EQ(view(read_token_refused(refused)->client.client_id), "hub");
  EXPECT_EQ(read_token_refused(refused)->access_token, "token");
}

} // namespace
} // namespace plugboard::wire
