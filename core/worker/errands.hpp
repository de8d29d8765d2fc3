// What the plugin has the hub keep for it, and waits for: values, rotated secrets, access tokens. Whom to tell when the
// hub has done it. [any thread]
#pragma once

#include "core/worker/outbox.hpp"

#include <plugboard/host_kv.h>
#include <plugboard/host_oauth2.h>
#include <plugboard/host_secrets.h>

#include <cstdint>
#include <functional>
#include <mutex>
#include <string_view>
#include <unordered_map>

namespace plugboard::worker {

class Errands {
 public:
  using KvDone = void (*)(void* user, const plugboard_kv_result* result);
  using Replaced = void (*)(void* user, std::int32_t outcome);
  using OnToken = void (*)(void* user, const plugboard_oauth2_token* token);

  explicit Errands(Outbox& outbox) : outbox_(outbox) {}

  std::int32_t kv_get(plugboard_call* call, plugboard_str key, void* user, KvDone done);
  std::int32_t kv_put(plugboard_call* call, plugboard_str key, plugboard_str value, std::int64_t ttl_ns,
                      std::int64_t only_if, void* user, KvDone done);
  std::int32_t kv_remove(plugboard_call* call, plugboard_str key, std::int64_t only_if, void* user, KvDone done);
  std::int32_t replace_secret(plugboard_str handle, plugboard_str value, void* user, Replaced done);
  std::int32_t token(plugboard_call* call, const plugboard_oauth2_client* client, void* user, OnToken on_token);
  std::int32_t refused(const plugboard_oauth2_client* client, plugboard_str access_token);

  // [the loop's thread] What the hub said; false: it is no such message.
  bool kv_told(std::string_view body);
  bool secret_replaced(std::string_view body);
  bool token_told(std::string_view body);

 private:
  template <class Done>
  class Waiting { // of one kind
   public:
    struct Asked {
      void* user = nullptr;
      Done done = nullptr;
    };

    std::uint64_t add(Asked asked); // 0: there are too many
    Asked take(std::uint64_t number);

   private:
    std::mutex mutex_;
    std::uint64_t next_ = 1;
    std::unordered_map<std::uint64_t, Asked> asked_;
  };

  Outbox& outbox_;
  Waiting<KvDone> values_;
  Waiting<Replaced> secrets_;
  Waiting<OnToken> tokens_;
};

} // namespace plugboard::worker
