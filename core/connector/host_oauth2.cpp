#include "core/connector/host_oauth2.hpp"

#include "core/base/on_exit.hpp"
#include "core/connector/abi_text.hpp"
#include "core/connector/guard.hpp"

#include <functional>
#include <utility>

namespace plugboard::connector {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMostClients = 64;                   // of one connector
constexpr Rate kFetches{.per_second = 1, .burst = 10};     // of one client: one whose every token is refused
constexpr Duration kMargin = 5s;                           // a token that ends on its way is of no use
constexpr Duration kShortTrouble = 1s, kLongTrouble = 10s; // how long a failure is remembered
constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// Between seven and nine tenths of its life, so that what was fetched at once is not renewed at once: the token's own
// hash is random enough.
Duration renewed_after(Duration life, std::string_view token) {
  return life * 7 / 10 + life / 5 * static_cast<std::int64_t>(std::hash<std::string_view>()(token) % 1024) / 1024;
}

Duration remembered(std::int32_t error, Duration retry_after) {
  if (error == PLUGBOARD_CANCELLED) return {};
  if (retry_after > Duration::zero()) return retry_after;
  return error == PLUGBOARD_UPSTREAM_UNAUTHORIZED || error == PLUGBOARD_UPSTREAM_REFUSED ? kLongTrouble : kShortTrouble;
}

} // namespace

HostOauth2::Entry::Entry(Oauth2Client of) : client(std::move(of)), fetches(kFetches) {}

void HostOauth2::tell(void* user, OnToken on_token, const Told& told) {
  plugboard_oauth2_token token{};
  token.p = PLUGBOARD_PREFIX(plugboard_oauth2_token);
  token.error = told.error;
  token.access_token = str(told.token.reveal());
  token.message = str(told.message);
  token.retry_after_ns = told.retry_after.count();
  on_token(user, &token);
}

HostOauth2::ToldPtr HostOauth2::failure(std::int32_t error, std::string message) {
  auto told = std::make_shared<Told>();
  told->error = error;
  told->message = std::move(message);
  return told;
}

HostOauth2::Entry* HostOauth2::entry_of(const Oauth2Client& client) {
  const std::string key = client.key();
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found != entries_.end()) return found->second.get();
  if (entries_.size() >= kMostClients) return nullptr;
  return entries_.emplace(key, std::make_unique<Entry>(client)).first->second.get();
}

std::int32_t HostOauth2::token(plugboard_call* call, const plugboard_oauth2_client* raw, void* user, OnToken on_token) {
  const auto client = read_oauth2_client(raw);
  if (!client || on_token == nullptr) {
    log_.noticed("plugin.oauth2_unusable", "a token was asked for without a token_url, a client_id and a secret");
    return PLUGBOARD_FAILED;
  }
  auto errand = std::make_unique<Errand>();
  std::size_t home = 0;
  if (call != nullptr) {
    const auto found = border_.calls().find(call);
    if (found.call == nullptr) return PLUGBOARD_CANCELLED; // completed already
    home = found.call->home;
    errand->call = found.call->id;
  }
  Entry* const entry = entry_of(*client);
  errand->refuse = [user, on_token](std::int32_t outcome) { tell(user, on_token, *failure(outcome, "nobody waits")); };
  errand->run = [this, entry, user, on_token](const Errand::Finish& finish) {
    const auto waiter = [finish, user, on_token](const ToldPtr& told) {
      finish([told, user, on_token] { tell(user, on_token, *told); });
    };
    if (entry == nullptr) return waiter(failure(PLUGBOARD_BUSY, "the connector asks for too many different tokens"));
    want(*entry, waiter);
  };
  return border_.send(home, std::move(errand)) ? PLUGBOARD_OK : PLUGBOARD_CANCELLED;
}

void HostOauth2::want(Entry& entry, Waiter waiter) {
  ToldPtr known;
  bool fetches = false;
  {
    const Instant now = clock_.now();
    const std::lock_guard lock(mutex_);
    if (entry.last != nullptr && now < entry.void_at)
      known = entry.last;
    else
      entry.waiters.push_back(waiter);
    if (!entry.fetching && (known == nullptr || now >= entry.renew_at)) fetches = entry.fetching = true;
  }
  OnExit starved([&] {
    if (fetches) give_up(entry);
  });
  if (known != nullptr) waiter(known);
  if (fetches) fetch(entry);
  starved.dismiss();
}

void HostOauth2::give_up(Entry& entry) {
  const std::lock_guard lock(mutex_);
  entry.fetching = false;
}

void HostOauth2::fetch(Entry& entry) {
  const Oauth2Client& client = entry.client;
  if (entry.fetches.enter(clock_.now()) > Duration::zero())
    return land(entry, failure(PLUGBOARD_BUSY, "the tokens that were just issued were refused"), kShortTrouble);
  Result<Secret> client_secret = Secret(), refresh_token = Secret();
  if (!client.client_secret.empty()) client_secret = secrets_.value_of(client.client_secret);
  if (!client.refresh_token.empty()) refresh_token = secrets_.value_of(client.refresh_token);
  if (!client_secret || !refresh_token)
    return land(entry, failure(PLUGBOARD_FAILED, (client_secret ? refresh_token : client_secret).error().message),
                kShortTrouble);
  if (const std::int32_t sent = send(entry, *client_secret, *refresh_token); sent != PLUGBOARD_OK)
    land(entry, failure(sent, "the token endpoint can't be asked: look at token_url"), kShortTrouble);
}

std::int32_t HostOauth2::send(Entry& entry, const Secret& client_secret, const Secret& refresh_token) {
  const Secret form = token_form(entry.client, client_secret, refresh_token);
  const Secret authorization = token_authorization(entry.client, client_secret);
  const std::array<plugboard_http_header, 3> headers{{{str("content-type"), str(kForm)},
                                                      {str("accept"), str("application/json")},
                                                      {str("authorization"), str(authorization.reveal())}}};
  plugboard_http_request request{};
  request.p = PLUGBOARD_PREFIX(plugboard_http_request);
  request.method = str("POST");
  request.url = str(entry.client.token_url);
  request.headers = headers.data();
  request.header_count = authorization.empty() ? headers.size() - 1 : headers.size();
  request.body = str(form.reveal());
  request.max_body_bytes = 64 * 1024;
  auto flight = std::make_unique<Flight>(Flight{*this, entry});
  const auto landed = [](void* user, const plugboard_http_response* response) {
    const std::unique_ptr<Flight> over(static_cast<Flight*>(user));
    OnExit starved([&] { over->service.give_up(over->entry); });
    over->service.answered(over->entry, read_token_answer(*response));
    starved.dismiss();
  };
  const std::int32_t sent = http_.send(&request, flight.get(), landed);
  if (sent == PLUGBOARD_OK) static_cast<void>(flight.release()); // landed() has it
  return sent;
}

void HostOauth2::answered(Entry& entry, TokenAnswer answer) {
  if (answer.error != PLUGBOARD_OK) {
    log_.noticed("plugin.oauth2_failed", answer.message);
    auto told = std::make_shared<Told>();
    told->error = answer.error;
    told->message = std::move(answer.message);
    told->retry_after = answer.retry_after;
    return land(entry, std::move(told), remembered(answer.error, answer.retry_after));
  }
  const bool rotated = !answer.refresh_token.empty() && !entry.client.refresh_token.empty();
  auto kept = std::make_shared<TokenAnswer>(std::move(answer));
  if (rotated) return keep_rotated(entry, std::move(kept));
  auto told = std::make_shared<Told>();
  told->error = PLUGBOARD_OK;
  told->token = std::move(kept->access_token);
  land(entry, std::move(told), kept->life);
}

// The old one is void: nobody gets the token before the new one is where a crash can't lose it.
void HostOauth2::keep_rotated(Entry& entry, std::shared_ptr<TokenAnswer> answer) {
  auto errand = std::make_unique<Errand>();
  auto rotated = std::make_shared<Secret>(std::exchange(answer->refresh_token, Secret()));
  const auto kept = [this, &entry, answer](bool is_kept) {
    if (!is_kept)
      log_.noticed("plugin.oauth2_refresh_token_lost", "the server gave a new refresh token, which could not be kept: "
                                                       "soon the connector must be authorized anew");
    answered(entry, std::move(*answer));
  };
  errand->refuse = [kept](std::int32_t) { kept(false); };
  errand->run = [this, &entry, rotated, kept](const Errand::Finish& finish) {
    const auto done = [finish, kept](const Result<void>& outcome) {
      finish([kept, is_kept = outcome.has_value()] { kept(is_kept); });
    };
    if (!secrets_.keep(entry.client.refresh_token, std::move(*rotated), done))
      done(fail(Code::overloaded, "too often"));
  };
  if (!secrets_.can_keep() || !border_.send(0, std::move(errand))) kept(false);
}

void HostOauth2::land(Entry& entry, ToldPtr told, Duration life) {
  const Instant now = clock_.now();
  const bool good = told->error == PLUGBOARD_OK;
  std::vector<Waiter> waiters;
  {
    const std::lock_guard lock(mutex_);
    entry.fetching = false;
    waiters.swap(entry.waiters);
    const bool has_good = entry.last != nullptr && entry.last->error == PLUGBOARD_OK && now < entry.void_at;
    if (good || !has_good) {
      entry.last = told;
      entry.void_at = now + (good ? std::max(life - kMargin, life / 2) : life);
      entry.renew_at = good ? now + renewed_after(life, told->token.reveal()) : entry.void_at;
    } else {
      entry.renew_at = now + life; // the one that there is does for now
    }
  }
  for (const Waiter& waiter : waiters) waiter(told);
}

std::int32_t HostOauth2::invalidate(const plugboard_oauth2_client* raw, plugboard_str access_token) {
  const auto client = read_oauth2_client(raw);
  if (!client || !is_readable(access_token)) return PLUGBOARD_FAILED;
  const std::string key = client->key();
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return PLUGBOARD_NOT_FOUND;
  Entry& entry = *found->second;
  if (entry.last != nullptr && entry.last->token.equals(view(access_token))) entry.last = nullptr;
  return PLUGBOARD_OK;
}

} // namespace plugboard::connector
