// Requests with an access token that the hub fetches, shares, renews and, when it was refused, fetches anew. From
// Host::oauth2(), made once: copies are cheap and ask for the same token. Alive as long as the host. [any thread]
#pragma once

#include <plugboard/detail/ask.hpp>
#include <plugboard/host.hpp>
#include <plugboard/host_oauth2.h>

namespace plugboard {

// Why there is an access token, or none. A view, alive during the handler it is given to.
class AccessToken {
 public:
  explicit AccessToken(const plugboard_oauth2_token& token) : token_(&token) {}

  explicit operator bool() const { return token_->error == PLUGBOARD_OK; }

  std::string_view value() const { return view(token_->access_token); }

  Failure failure() const {
    return {static_cast<Status>(token_->error), std::string(view(token_->message)),
            std::chrono::nanoseconds(token_->retry_after_ns)};
  }

 private:
  const plugboard_oauth2_token* token_;
};

class HostOauth2 {
 public:
  HostOauth2(Host host, OAuth2 client)
      : host_(host), client_(std::make_shared<const OAuth2>(std::move(client))),
        oauth2_(
            static_cast<const plugboard_host_oauth2_v1*>(host.raw()->extension(host.raw(), PLUGBOARD_HOST_OAUTH2_V1))) {
  }

  // Host::send() with "Authorization: Bearer …", which the request must not have. A 401 is asked once more, with a new
  // token. Without a token the call fails as the hub says.
  template <class F>
  void send(HttpRequest request, Call call, F then) const {
    send_with(std::move(request), std::move(call), std::move(then), true);
  }

  // The same for a blocking connector.
  Result<HttpReply> send_and_wait(const HttpRequest& request, const Request& on_behalf) const {
    for (bool again = true;; again = false) {
      auto token = token_and_wait(on_behalf);
      if (!token) return token.failure();
      auto reply = host_.send_and_wait(with(request, *token), on_behalf);
      if (!again || !reply || reply->status != 401) return reply;
      invalidate(*token);
    }
  }

  // For what is no HTTP request of its own: then(Call, const AccessToken&), once, on the call's thread.
  template <class F>
  void token(Call call, F then) const {
    if (!oauth2_) return call.fail(Status::unsupported, "this hub fetches no access tokens");
    auto* handle = call.handle();
    if (!handle) return; // answered already: nobody waits for more
    detail::ask_for_call<AccessToken, plugboard_oauth2_token>(
        std::move(call), std::move(then), "a token needs a token_url, a client_id and a secret",
        [&](void* user, Done done) {
          auto raw = raw_client();
          return oauth2_->token(host_.raw(), handle, &raw, user, done);
        });
  }

  Result<std::string> token_and_wait(const Request& on_behalf) const {
    if (!oauth2_) return Failure{Status::unsupported, "this hub fetches no access tokens"};
    std::optional<Copy> copy;
    auto status = detail::ask_and_wait<Copy, plugboard_oauth2_token>(copy, [&](void* user, Done done) {
      auto raw = raw_client();
      return oauth2_->token(host_.raw(), on_behalf.handle(), &raw, user, done);
    });
    if (!copy) return Failure{status, "a token needs a token_url, a client_id and a secret"};
    return std::move(copy->result);
  }

  // The system refused it: nobody is given it any more.
  void invalidate(std::string_view access_token) const {
    if (!oauth2_) return;
    auto raw = raw_client();
    oauth2_->invalidate(host_.raw(), &raw, str(access_token));
  }

 private:
  using Done = void (*)(void* user, const plugboard_oauth2_token* token);

  struct Copy {
    explicit Copy(const plugboard_oauth2_token& token)
        : result(token.error == PLUGBOARD_OK ? Result<std::string>(std::string(view(token.access_token)))
                                             : Result<std::string>(AccessToken(token).failure())) {}

    Result<std::string> result;
  };

  static HttpRequest with(HttpRequest request, std::string_view token) {
    request.headers.push_back({"authorization", "Bearer " + std::string(token)});
    return request;
  }

  template <class F>
  void send_with(HttpRequest request, Call call, F then, bool again) const {
    token(std::move(call), [self = *this, request = std::move(request), then = std::move(then),
                            again](Call asked, const AccessToken& token) mutable {
      if (!token) return asked.fail(token.failure());
      auto used = std::string(token.value());
      auto sent = with(request, used);
      self.host_.send(sent, std::move(asked),
                      [self, request = std::move(request), then = std::move(then), used = std::move(used),
                       again](Call answered, const HttpResponse& response) mutable {
                        if (!again || response.status() != 401) return then(std::move(answered), response);
                        self.invalidate(used);
                        self.send_with(std::move(request), std::move(answered), std::move(then), false);
                      });
    });
  }

  plugboard_oauth2_client raw_client() const {
    return {PLUGBOARD_PREFIX(plugboard_oauth2_client),
            str(client_->token_url),
            str(client_->client_id),
            str(client_->client_secret),
            str(client_->refresh_token),
            str(client_->scope),
            str(client_->audience),
            str(client_->resource),
            client_->auth == OAuth2::Auth::basic ? PLUGBOARD_OAUTH2_BASIC : PLUGBOARD_OAUTH2_POST,
            0};
  }

  Host host_;
  std::shared_ptr<const OAuth2> client_;
  const plugboard_host_oauth2_v1* oauth2_;
};

inline HostOauth2 Host::oauth2(OAuth2 client) const {
  return HostOauth2(*this, std::move(client));
}

} // namespace plugboard
