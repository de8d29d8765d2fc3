#include "plugins/otp/connector.hpp"

#include "plugins/otp/keyed_hash.hpp"

#include <algorithm>
#include <stdexcept>

namespace otp {

using plugboard::Call;
using plugboard::Failure;
using plugboard::HttpResponse;
using plugboard::Proof;
using plugboard::Status;

namespace {

constexpr std::chrono::hours kHour(1), kDay(24);
constexpr std::size_t kHoursADay = 24;
constexpr std::chrono::milliseconds kReserve(100);  // of the deadline, to answer in
constexpr std::chrono::milliseconds kShortest(200); // worth sending again for
constexpr std::size_t kFewestKeyBytes = 32;

Failure rejected(std::string why) {
  return {Status::rejected, std::move(why), {}, {}};
}

Failure rejected_for(const Pending& pending, std::string why) { // so that the hub can count who is tried
  return {Status::rejected, std::move(why), {}, plugboard::Yield{pending.type, pending.address, false}};
}

bool fits(const RecipientSettings& settings, std::string_view address) {
  return settings.prefixes.empty() || std::any_of(settings.prefixes.begin(), settings.prefixes.end(),
                                                  [&](const auto& prefix) { return address.starts_with(prefix); });
}

// What stands in a state may be of a configuration from before.
bool is_recipient(const Settings& settings, const Pending& pending) {
  const auto found = settings.recipients.find(pending.type);
  return found != settings.recipients.end() && read_address(found->second.kind, pending.address) == pending.address &&
         fits(found->second, pending.address);
}

Words words_for(const Pending& pending, const std::string& code, const plugboard::Request& request,
                const Settings& settings, const std::string& id, std::int64_t now) {
  return {{"to", pending.address},
          {"code", code},
          {"type", pending.type},
          {"minutes", std::to_string((settings.lifetime_s + 59) / 60)},
          {"seconds", std::to_string(settings.lifetime_s)},
          {"language", std::string(request.language())},
          {"tenant", std::string(request.tenant())},
          {"id", id},
          {"time", rfc3339(now)}};
}

} // namespace

struct Connector::Sending {
  Pending pending;               // what the client is challenged with once it is sent
  std::optional<Pending> before; // of a resend: still good when this one does not get out
  Message message;
  bool again = false;

  ~Sending() { wipe(message.words["code"]); }
};

Connector::Connector(plugboard::Host host, std::string_view config, Clocks clocks, RandomBytes random)
    : host_(host), settings_(read_settings(config)), clocks_(std::move(clocks)), random_(std::move(random)),
      hour_(kHour, settings_.per_recipient_per_hour, settings_.per_hour),
      day_(kDay, settings_.per_recipient_per_day, settings_.per_hour * kHoursADay) {
  if (key().empty())
    throw std::invalid_argument("config/sender/secret: must be \"whsec_\" and 24 to 64 bytes in base64; this makes "
                                "one: echo \"whsec_$(openssl rand -base64 32)\"");
  if (settings_.subject_key.empty()) return;
  std::size_t size = 0;
  host_.with_secret(settings_.subject_key, [&](std::string_view secret) { size = secret.size(); });
  if (size < kFewestKeyBytes) throw std::invalid_argument("config/subject_key: must have at least 32 bytes");
}

// Of the sender's secret: who holds that sees the codes anyway.
std::string Connector::key() const {
  std::string derived;
  host_.with_secret(settings_.secret, [&](std::string_view secret) {
    if (auto key = webhook_key(secret)) {
      derived = hmac_sha256(*key, "plugboard otp: hashes of codes");
      wipe(*key);
    }
  });
  return derived;
}

void Connector::authenticate(const plugboard::Request& request, Call call) {
  const auto credential = read_object(request.credential());
  if (!credential || credential->MemberCount() != 1)
    return call.fail(rejected("the credential must have one member: a recipient, a \"code\" or \"resend\""));
  if (request.state().empty()) return begin(*credential, std::move(call));
  auto pending = read_pending(request.state());
  if (!pending || !is_recipient(settings_, *pending))
    return call.fail(rejected("the login was begun with another configuration: begin anew"));
  go_on(*credential, std::move(*pending), std::move(call));
}

void Connector::begin(const Document& credential, Call call) {
  const auto& only = *credential.MemberBegin();
  const auto found = settings_.recipients.find(text_of(only.name));
  if (found == settings_.recipients.end())
    return call.fail(rejected("the first step names none of the configured recipients"));
  const auto& [type, settings] = *found;
  const auto address = only.value.IsString() ? read_address(settings.kind, text_of(only.value)) : std::nullopt;
  if (!address)
    return call.fail(rejected(settings.kind == Kind::phone
                                  ? "the " + type + " is no number with its country, such as +46701234512 (E.164)"
                                  : "the " + type + " is no e-mail address"));
  if (!fits(settings, *address)) return call.fail(rejected("the " + type + " begins with none of the \"prefixes\""));
  Pending pending{.type = type, .address = *address, .salt = {}, .hash = {}, .attempts_left = settings_.attempts};
  switch (may_send(call.request().tenant(), pending)) {
  case SendLimit::Verdict::recipient_has_enough:
    return call.fail(rejected_for(pending, "this recipient was sent as many codes as the limits allow"));
  case SendLimit::Verdict::all_have_enough:
    return call.fail(Status::busy, "as many codes were sent as the limits allow in all (limits.per_hour)");
  case SendLimit::Verdict::allowed:
    send_new_code(std::move(pending), std::nullopt, std::move(call));
  }
}

void Connector::go_on(const Document& credential, Pending pending, Call call) {
  if (clocks_.unix_now() >= pending.expires_at) return call.fail(rejected_for(pending, "the code came too late"));
  const auto& only = *credential.MemberBegin();
  const auto name = text_of(only.name);
  if (name == "code")
    return check(only.value.IsString() ? text_of(only.value) : "", std::move(pending), std::move(call));
  if (name == "resend" && only.value.IsTrue()) return resend(std::move(pending), std::move(call));
  call.fail(rejected_for(pending, R"(a later step is {"code": "…"} or {"resend": true})"));
}

void Connector::check(std::string_view typed, Pending pending, Call call) {
  const auto code = read_code(typed, settings_.digits);
  const auto secret = key();
  if (secret.empty()) return call.fail(Status::failed, "the sender's secret is gone, or is none");
  // What can't be a code is one attempt like any other.
  const auto hash = hash_of(secret, call.request().tenant(), pending, code ? *code : std::string());
  if (same(hash, pending.hash)) return call.complete(proof_of(pending));
  if (--pending.attempts_left <= 0) return call.fail(rejected_for(pending, "the last attempt was a wrong code, too"));
  call.complete(challenge_of(settings_, pending, Turn::wrong_code));
}

// Asked too early or too often, the login goes on with the code that was sent before.
void Connector::resend(Pending pending, Call call) {
  const bool may = pending.sent <= settings_.resends &&
                   clocks_.unix_now() >= pending.sent_at + settings_.resend_after_s &&
                   may_send(call.request().tenant(), pending) == SendLimit::Verdict::allowed;
  if (!may) return call.complete(challenge_of(settings_, pending, Turn::not_resent));
  auto before = pending;
  send_new_code(std::move(pending), std::move(before), std::move(call));
}

void Connector::send_new_code(Pending pending, std::optional<Pending> before, Call call) {
  const auto now = clocks_.unix_now();
  auto code = make_code(settings_.digits, random_);
  pending.salt = random_name(random_);
  pending.hash = hash_of(key(), call.request().tenant(), pending, code);
  ++pending.sent;
  pending.sent_at = now;
  pending.expires_at = now + settings_.lifetime_s;
  auto sending = std::make_shared<Sending>();
  sending->message.id = "msg_" + random_name(random_);
  sending->message.words = words_for(pending, code, call.request(), settings_, sending->message.id, now);
  sending->pending = std::move(pending);
  sending->before = std::move(before);
  wipe(code);
  send(std::move(sending), std::move(call));
}

// The first try gets half of the time there is, so that a second one fits.
void Connector::send(std::shared_ptr<Sending> sending, Call call) {
  auto request = webhook_request(host_, settings_, sending->pending.type, sending->message, clocks_.unix_now());
  if (!request) return call.fail(request.failure());
  const auto left = call.request().time_left() - kReserve;
  request->timeout = std::max<std::chrono::nanoseconds>(sending->again ? left : left / 2, std::chrono::milliseconds(1));
  host_.send(*request, std::move(call),
             [this, sending](Call asked, const HttpResponse& response) { sent(sending, std::move(asked), response); });
  wipe(request->body);
}

void Connector::sent(std::shared_ptr<Sending> sending, Call call, const HttpResponse& response) {
  const auto fault = webhook_fault(response);
  if (!fault) return call.complete(challenge_of(settings_, sending->pending, Turn::sent));
  if (!sending->again && worth_another_try(response) && call.request().time_left() > kReserve + kShortest) {
    sending->again = true;
    return send(std::move(sending), std::move(call));
  }
  if (response.answered() && response.status() == 422)
    return call.fail(rejected_for(sending->pending, "the sender does not take this recipient (422)"));
  if (!sending->before) return call.fail(*fault);
  host_.warn("a code was not sent again: " + fault->message);
  call.complete(challenge_of(settings_, *sending->before, Turn::not_resent));
}

SendLimit::Verdict Connector::may_send(std::string_view tenant, const Pending& pending) {
  const auto hash = hmac_sha256(key(), "limit " + std::string(tenant) + " " + pending.address);
  SendLimit::Name name = 0;
  for (std::size_t i = 0; i < sizeof name; ++i) name = name << 8 | static_cast<unsigned char>(hash[i]);
  const auto now = clocks_.steady_now();
  const std::lock_guard lock(mutex_);
  auto verdict = hour_.look(name, now);
  if (verdict == SendLimit::Verdict::allowed) verdict = day_.look(name, now);
  if (verdict != SendLimit::Verdict::allowed) return verdict;
  hour_.sent(name, now);
  day_.sent(name, now);
  return verdict;
}

Proof Connector::proof_of(const Pending& pending) const {
  Proof proof;
  proof.issuer = settings_.issuer;
  proof.subject = pending.address;
  if (!settings_.subject_key.empty()) {
    proof.subject.clear();
    host_.with_secret(settings_.subject_key, [&](std::string_view key) {
      proof.subject = keyed_hash(key, {"otp subject", pending.address});
    });
    if (proof.subject.empty()) throw std::runtime_error("the subject_key is gone");
  }
  proof.assurance = settings_.assurance;
  proof.methods = {"otp"};
  proof.authenticated_at = clocks_.unix_now();
  proof.identifiers = {{pending.type, pending.address, true}};
  return proof;
}

} // namespace otp
