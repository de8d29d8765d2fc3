// Access tokens without a token endpoint: "token-1", and after that was refused, "token-2". [any thread]
#pragma once

#include <plugboard/host_oauth2.h>
#include <plugboard/types.hpp>

#include <mutex>

namespace plugboard::testkit {

class FakeOauth2 {
 public:
  using OnToken = void (*)(void* user, const plugboard_oauth2_token* token);

  struct Asked { // for which token
    std::string token_url, client_id, client_secret, refresh_token, scope, audience, resource;
  };

  // From now on there is none. ok: as usual again.
  void fail(Status with, std::string message = {}) {
    std::lock_guard lock(mutex_);
    error_ = with;
    message_ = std::move(message);
  }

  std::vector<Asked> asked() const {
    std::lock_guard lock(mutex_);
    return asked_;
  }

  std::vector<std::string> refused() const { // tokens that the connector said were
    std::lock_guard lock(mutex_);
    return refused_;
  }

  std::int32_t token(const plugboard_oauth2_client& client, void* user, OnToken on_token) {
    plugboard_oauth2_token token{PLUGBOARD_PREFIX(plugboard_oauth2_token), PLUGBOARD_OK, 0, {}, {}, 0};
    std::string value, message;
    {
      std::lock_guard lock(mutex_);
      asked_.push_back({text(client.token_url), text(client.client_id), text(client.client_secret),
                        text(client.refresh_token), text(client.scope), text(client.audience), text(client.resource)});
      token.error = static_cast<std::int32_t>(error_);
      message = message_;
      if (error_ == Status::ok) value = current();
    }
    token.access_token = str(value);
    token.message = str(message);
    on_token(user, &token);
    return PLUGBOARD_OK;
  }

  std::int32_t invalidate(plugboard_str access_token) {
    std::lock_guard lock(mutex_);
    if (text(access_token) == current()) ++number_;
    refused_.push_back(text(access_token));
    return PLUGBOARD_OK;
  }

 private:
  static std::string text(plugboard_str view_of) { return std::string(view(view_of)); }

  std::string current() const { return "token-" + std::to_string(number_); }

  mutable std::mutex mutex_;
  Status error_ = Status::ok;
  std::string message_;
  int number_ = 1;
  std::vector<Asked> asked_;
  std::vector<std::string> refused_;
};

} // namespace plugboard::testkit
