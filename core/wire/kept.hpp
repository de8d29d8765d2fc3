// What a worker has the hub keep for its plugin, and what it is told then: values, rotated secrets, access tokens. One
// struct a frame, read and written as messages.hpp's are. Values.
#pragma once

#include "core/wire/frame.hpp"

#include <plugboard/host_kv.h>
#include <plugboard/host_oauth2.h>

#include <optional>
#include <string>
#include <string_view>

namespace plugboard::wire {

enum class KvWork : std::uint8_t { get = 1, put, remove };

struct KvAsk {
  std::uint64_t number = 0; // the worker's for it
  std::uint64_t call = 0;   // on whose behalf; 0: the plugin's own business
  KvWork work = KvWork::get;
  std::string_view key, value;
  std::int64_t ttl_ns = 0, only_if = 0;
};

struct KvTold {
  std::uint64_t number = 0;
  std::int32_t status = 0;
  std::int64_t version = 0;
  std::string_view value;
};

struct SecretReplace {
  std::uint64_t number = 0;
  std::string_view handle, value;
};

struct SecretReplaced {
  std::uint64_t number = 0;
  std::int32_t outcome = 0;
};

struct TokenAsk {
  std::uint64_t number = 0, call = 0;
  plugboard_oauth2_client client{};
};

struct TokenTold {
  std::uint64_t number = 0;
  std::int32_t error = 0;
  std::string_view access_token, message;
  std::int64_t retry_after_ns = 0;
};

struct TokenRefused {
  plugboard_oauth2_client client{};
  std::string_view access_token;
};

void write(std::string& out, const KvAsk& message);
void write(std::string& out, const KvTold& message);
void write(std::string& out, const SecretReplace& message);
void write(std::string& out, const SecretReplaced& message);
void write(std::string& out, const TokenAsk& message);
void write(std::string& out, const TokenTold& message);
void write(std::string& out, const TokenRefused& message);

std::optional<KvAsk> read_kv_ask(std::string_view body);
std::optional<KvTold> read_kv_told(std::string_view body);
std::optional<SecretReplace> read_secret_replace(std::string_view body);
std::optional<SecretReplaced> read_secret_replaced(std::string_view body);
std::optional<TokenAsk> read_token_ask(std::string_view body);
std::optional<TokenTold> read_token_told(std::string_view body);
std::optional<TokenRefused> read_token_refused(std::string_view body);

} // namespace plugboard::wire
