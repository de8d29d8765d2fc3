// plugboard.host.oauth2/1: the connector's access tokens, in memory alone. However many calls want one, one request
// fetches it; it is renewed while the one before is still good; a failure is remembered, so that an endpoint in trouble
// is left alone. Its requests are the connector's own, by way of HostHttp. [any thread]
#pragma once

#include "core/connector/host_http.hpp"
#include "core/connector/host_secrets.hpp"
#include "core/connector/oauth2_grant.hpp"

#include <map>
#include <mutex>

namespace plugboard::connector {

class HostOauth2 {
 public:
  HostOauth2(Border& border, const HostHttp& http, HostSecrets& secrets, HostLog& log, const Clock& clock)
      : border_(border), http_(http), secrets_(secrets), log_(log), clock_(clock) {}

  using OnToken = void (*)(void* user, const plugboard_oauth2_token* token);
  std::int32_t token(plugboard_call* call, const plugboard_oauth2_client* client, void* user, OnToken on_token);
  std::int32_t invalidate(const plugboard_oauth2_client* client, plugboard_str access_token);

 private:
  struct Told { // what all that wait are told
    std::int32_t error = 0;
    std::string message;
    Duration retry_after{};
    Secret token;
  };

  using ToldPtr = std::shared_ptr<const Told>;
  using Waiter = std::function<void(const ToldPtr&)>;

  struct Entry { // of one client; never removed
    explicit Entry(Oauth2Client of);

    const Oauth2Client client;
    Throttle fetches;
    ToldPtr last;              // null: none was fetched, or it was refused
    Instant renew_at, void_at; // of `last`: another is fetched from then on; `last` is good until then
    std::vector<Waiter> waiters;
    bool fetching = false;
  };

  struct Flight {
    HostOauth2& service;
    Entry& entry;
  };

  static void tell(void* user, OnToken on_token, const Told& told);
  static ToldPtr failure(std::int32_t error, std::string message);

  Entry* entry_of(const Oauth2Client& client); // null: there are too many
  void want(Entry& entry, Waiter waiter);
  void fetch(Entry& entry);
  void give_up(Entry& entry); // no memory: whoever asks next begins anew, and those that wait are told then
  std::int32_t send(Entry& entry, const Secret& client_secret, const Secret& refresh_token);
  void answered(Entry& entry, TokenAnswer answer);
  void keep_rotated(Entry& entry, std::shared_ptr<TokenAnswer> answer);
  void land(Entry& entry, ToldPtr told, Duration life);

  Border& border_;
  const HostHttp& http_;
  HostSecrets& secrets_;
  HostLog& log_;
  const Clock& clock_;
  std::mutex mutex_; // of all that follows; not held while anybody is told
  std::map<std::string, std::unique_ptr<Entry>> entries_;
};

} // namespace plugboard::connector
