// What the bench keeps for a plugin: values in memory, told at once, and access tokens that are made up. [any thread]
#pragma once

#include <plugboard/host_kv.h>
#include <plugboard/host_oauth2.h>

#include <map>
#include <mutex>
#include <string>

namespace plugboard::conformance {

class BenchKv {
 public:
  using Done = void (*)(void* user, const plugboard_kv_result* result);

  std::int32_t get(plugboard_call* call, plugboard_str key, void* user, Done done);
  std::int32_t put(plugboard_call* call, plugboard_str key, plugboard_str value, std::int64_t only_if, void* user,
                   Done done);
  std::int32_t remove(plugboard_call* call, plugboard_str key, std::int64_t only_if, void* user, Done done);

 private:
  struct Entry {
    std::int64_t version = 0; // 0: there is none
    std::string value{};
  };

  static std::string name(plugboard_call* call, plugboard_str key);
  static bool holds(std::int64_t only_if, const Entry& entry);
  static void tell(void* user, Done done, std::int32_t status, const Entry& entry);
  Entry find(const std::string& name) const;

  std::mutex mutex_;
  std::int64_t versions_ = 0;
  std::map<std::string, Entry> entries_;
};

class BenchTokens {
 public:
  using OnToken = void (*)(void* user, const plugboard_oauth2_token* token);

  // secrets: that the plugin's configuration refers to, by handle.
  explicit BenchTokens(const std::map<std::string, std::string>& secrets) : secrets_(secrets) {}

  std::int32_t token(const plugboard_oauth2_client* client, void* user, OnToken on_token);
  std::int32_t invalidate(plugboard_str access_token);

 private:
  bool is_known(plugboard_str handle) const;
  std::string current() const;

  const std::map<std::string, std::string>& secrets_;
  std::mutex mutex_;
  int number_ = 1;
};

} // namespace plugboard::conformance
