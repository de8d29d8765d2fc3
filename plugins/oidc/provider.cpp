#include "plugins/oidc/provider.hpp"

#include <utility>

namespace oidc {
namespace {

using plugboard::Failure;
using plugboard::HttpRequest;
using plugboard::HttpResponse;
using plugboard::Result;
using plugboard::Status;

constexpr std::int64_t kBetweenUnknownKids = 30; // seconds
constexpr std::int64_t kAfterFailure = 5;
constexpr std::chrono::seconds kFetchTime{5};
constexpr std::uint64_t kMostMetadata = 256 * 1024;
constexpr std::uint64_t kMostKeys = 256 * 1024;

HttpRequest get(std::string url, std::uint64_t most) {
  HttpRequest request{.url = std::move(url), .timeout = kFetchTime, .max_body_bytes = most};
  request.headers = {{"accept", "application/json"}};
  return request;
}

} // namespace

Provider::Provider(plugboard::Host host, const Settings& settings, const Senses& senses)
    : host_(host), settings_(settings),
      senses_(senses), last_failure_{Status::unreachable, "nothing of the provider is known yet"} {}

bool Provider::usable(std::int64_t now) const {
  return known_ && now - fetched_at_ <= settings_.keep.stale_ok_s;
}

Result<Known> Provider::now_known(std::int64_t now) const {
  if (usable(now)) return *known_;
  return last_failure_;
}

void Provider::Waiting::heed(const std::stop_token& cancelled) {
  on_cancel_.emplace(cancelled, [this] { tell(Failure{Status::cancelled, "cancelled while the provider was asked"}); });
}

void Provider::Waiting::tell(const Result<Known>& known) {
  if (!told_.exchange(true)) std::exchange(then_, nullptr)(known);
}

void Provider::know(const std::stop_token& cancelled, Then then) {
  std::unique_lock lock(mutex_);
  const std::int64_t now = senses_.uptime_s();
  const bool may_try = !fetching_ && (!tried_at_ || now - *tried_at_ >= kAfterFailure);
  const bool old = !known_ || now - fetched_at_ >= settings_.keep.refresh_s;
  const bool waits = !usable(now) && (fetching_ || may_try);
  const Result<Known> known = now_known(now);
  std::shared_ptr<Waiting> waiting;
  if (waits) waiting = waiting_.emplace_back(std::make_shared<Waiting>(std::move(then)));
  const bool fetch = old && may_try;
  if (fetch) {
    fetching_ = true;
    tried_at_ = now;
  }
  lock.unlock();
  if (waiting)
    waiting->heed(cancelled);
  else
    then(known);
  if (fetch) fetch_metadata();
}

void Provider::know_newer_keys(const std::stop_token& cancelled, Then then) {
  std::unique_lock lock(mutex_);
  const std::int64_t now = senses_.uptime_s();
  const bool fetch = !fetching_ && known_ && (!kid_at_ || now - *kid_at_ >= kBetweenUnknownKids);
  const Result<Known> known = now_known(now);
  if (!fetching_ && !fetch) {
    lock.unlock();
    return then(known);
  }
  const auto waiting = waiting_.emplace_back(std::make_shared<Waiting>(std::move(then)));
  if (fetch) {
    fetching_ = true;
    tried_at_ = kid_at_ = now;
  }
  std::optional<Metadata> metadata;
  if (fetch) metadata = known_->metadata;
  lock.unlock();
  waiting->heed(cancelled);
  if (metadata) fetch_keys(std::move(*metadata));
}

void Provider::fetch_metadata() {
  const auto sent =
      host_.send(get(discovery_url(settings_.issuer), kMostMetadata), [this](const HttpResponse& response) {
        const auto body = body_of(response, "metadata");
        if (!body) return failed(body.failure());
        auto metadata = read_metadata(*body, settings_.issuer);
        if (!metadata) return failed(metadata.failure());
        fetch_keys(std::move(*metadata));
      });
  if (sent != Status::ok) failed({sent, "the hub refused the request for the provider's metadata"});
}

void Provider::fetch_keys(Metadata metadata) {
  const std::string url = metadata.jwks_uri;
  const auto sent =
      host_.send(get(url, kMostKeys), [this, metadata = std::move(metadata)](const HttpResponse& response) {
        const auto body = body_of(response, "keys");
        if (!body) return failed(body.failure());
        got_keys(metadata, *body);
      });
  if (sent != Status::ok) failed({sent, "the hub refused the request for the provider's keys"});
}

Result<std::string> Provider::body_of(const HttpResponse& response, const char* what) const {
  const std::string of = std::string("the provider's ") + what + " at " + settings_.issuer;
  if (!response.answered()) return Failure{response.error(), of + ": " + std::string(response.message())};
  if (response.status() != 200)
    return Failure{Status::upstream_failed, of + ": it answered " + std::to_string(response.status())};
  return std::string(response.body());
}

void Provider::got_keys(const Metadata& metadata, std::string_view jwks) {
  auto read = jwt::read_jwks(jwks, settings_.algorithms);
  if (!read)
    return failed({Status::upstream_malformed, "the key set of " + settings_.issuer + ": " + read.failure().message});
  for (const auto& ignored : read->ignored) host_.warn("in the key set of " + settings_.issuer + ", " + ignored);
  {
    const std::lock_guard lock(mutex_);
    known_ = Known{metadata, std::make_shared<const jwt::KeySet>(std::move(read->keys))};
    fetched_at_ = senses_.uptime_s();
    tried_at_.reset(); // it was no failure
  }
  over();
}

void Provider::failed(const Failure& failure) {
  host_.warn(failure.message);
  {
    const std::lock_guard lock(mutex_);
    last_failure_ = failure;
  }
  over();
}

void Provider::over() {
  std::unique_lock lock(mutex_);
  fetching_ = false;
  const auto waiting = std::exchange(waiting_, {});
  const Result<Known> known = now_known(senses_.uptime_s());
  lock.unlock();
  for (const auto& each : waiting) each->tell(known);
}

} // namespace oidc
