// The provider as it is now: its metadata and keys, fetched through the hub, kept, and fetched again beside the logins
// that use them. A provider that is slow, gone or sends nonsense takes no login whose key is known: what was good stays
// good until it is stale. One fetch at a time; an unknown kid causes one in 30 s at most, whoever sends how many.
// Owned by the connector. [any thread]
#pragma once

#include "plugins/jwt/key_set.hpp"
#include "plugins/oidc/metadata.hpp"
#include "plugins/oidc/senses.hpp"
#include "plugins/oidc/settings.hpp"

#include <plugboard/host.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

namespace oidc {

struct Known {
  Metadata metadata;
  std::shared_ptr<const jwt::KeySet> keys;
};

class Provider {
 public:
  using Then = std::function<void(const plugboard::Result<Known>&)>; // once, perhaps before the call returns

  Provider(plugboard::Host host, const Settings& settings, const Senses& senses);

  // `cancelled` is of the call that wants to know: it hears of that at once, and the fetch goes on for the others.
  void know(const std::stop_token& cancelled, Then then);
  // For a kid that know() did not know: as new as may be.
  void know_newer_keys(const std::stop_token& cancelled, Then then);

 private:
  // Who waits for a fetch; told once, what came of it or that nobody wants to know it any more.
  struct Waiting {
    explicit Waiting(Then then) : then_(std::move(then)) {}

    void heed(const std::stop_token& cancelled); // may tell at once
    void tell(const plugboard::Result<Known>& known);

   private:
    std::atomic<bool> told_ = false;
    Then then_;
    std::optional<std::stop_callback<std::function<void()>>> on_cancel_;
  };

  bool usable(std::int64_t now) const;
  plugboard::Result<Known> now_known(std::int64_t now) const;

  void fetch_metadata();
  void fetch_keys(Metadata metadata);
  plugboard::Result<std::string> body_of(const plugboard::HttpResponse& response, const char* what) const;
  void got_keys(const Metadata& metadata, std::string_view jwks);
  void failed(const plugboard::Failure& failure);
  void over();

  const plugboard::Host host_;
  const Settings& settings_;
  const Senses& senses_;
  mutable std::mutex mutex_;
  std::optional<Known> known_;
  plugboard::Failure last_failure_;
  std::int64_t fetched_at_ = 0;                   // uptime of the last success
  std::optional<std::int64_t> tried_at_, kid_at_; // uptime of the last try; of the last one for an unknown kid
  bool fetching_ = false;
  std::vector<std::shared_ptr<Waiting>> waiting_;
};

} // namespace oidc
