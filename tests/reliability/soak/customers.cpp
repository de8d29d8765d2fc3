#include "tests/reliability/soak/customers.hpp"

#include "tests/support/hub_process.hpp"

#include <array>

namespace plugboard::bench {
namespace {

constexpr std::size_t kAlive = 100; // sessions that are asked for
constexpr std::size_t kRemembered = 200;
// So short that as many sessions end as start long before the soak does: what a hub holds for the living must not look
// like a leak.
constexpr std::int64_t kLifetime = 45;
constexpr std::chrono::seconds kAskedFor{30};

std::string id_of(std::size_t customer) {
  return std::to_string(100'000 + customer);
}

test::Customer customer_of(std::size_t number) {
  test::Customer customer;
  customer.customer_id = id_of(number);
  customer.subject = "u-" + customer.customer_id;
  customer.email = customer.customer_id + "@shop.example";
  return customer;
}

const std::array<std::string, 8>& garbage_requests() {
  static const std::array<std::string, 8> kAll{
      "\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "POST /v1/context HTTP/1.1\r\nHost: hub\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /" + std::string(40'000, 'a') + " HTTP/1.1\r\nHost: hub\r\n\r\n",
      post("/v1/context", "not-the-key", "{}"),
      post("/v1/context", test::kDesk, "{\"session\": "),
      post("/v1/context", test::kDesk, R"({"session": "pbs_none", "session": "pbs_none"})"),
      post("/v1/context", test::kDesk, std::string(70'000, ' ')),
  };
  return kAll;
}

} // namespace

bool Customers::now_and_then(double part) {
  return std::uniform_real_distribution<double>(0, 1)(random_) < part;
}

std::shared_ptr<Customers::Session> Customers::any_of(const std::vector<std::shared_ptr<Session>>& sessions) {
  return sessions[random_() % sessions.size()];
}

void Customers::retire_old() {
  while (!alive_.empty() && now() - alive_.front()->started > kAskedFor) alive_.erase(alive_.begin());
}

Ask Customers::next() {
  retire_old();
  if (alive_.size() < kAlive / 10 || (alive_.size() < kAlive && now_and_then(0.5))) return start_session(false);
  if (!now_and_then(plan_.chaos))
    return context(any_of(alive_), Ask::Manner::patient, now_and_then(plan_.chaos) && !plan_.bad_sections.empty());
  switch (random_() % 6) {
  case 0:
    return garbage();
  case 1:
    return context(any_of(alive_), Ask::Manner::leaves, false);
  case 2:
    return start_session(true);
  case 3:
    return mortal_.empty() ? start_session(true) : context(any_of(mortal_), Ask::Manner::patient, false);
  case 4:
    return dead_.empty() ? garbage() : context(any_of(dead_), Ask::Manner::patient, false);
  default:
    break;
  }
  const auto place = static_cast<std::ptrdiff_t>(random_() % alive_.size());
  auto session = alive_[static_cast<std::size_t>(place)];
  alive_.erase(alive_.begin() + place);
  return revoke(std::move(session));
}

Ask Customers::asked(Asked::Kind kind, std::shared_ptr<Session> session, std::string bytes, Ask::Manner manner) {
  const auto tag = ++last_tag_;
  if (manner == Ask::Manner::patient) under_way_[tag] = {kind, std::move(session), now()};
  return {std::move(bytes), tag, manner};
}

Ask Customers::start_session(bool mortal) {
  auto session = std::make_shared<Session>();
  session->customer = ++last_customer_;
  session->mortal = mortal;
  auto customer = customer_of(session->customer);
  customer.lifetime = mortal ? 5 : kLifetime;
  const auto body = R"({"connector": "login", "credential": {"token": ")" + test::token_of(customer) + "\"}}";
  return asked(Asked::Kind::start, std::move(session), post("/v1/sessions", plan_.key, body));
}

Ask Customers::revoke(std::shared_ptr<Session> session) {
  session->revoking = true;
  const auto body = R"({"session": ")" + session->token + "\"}";
  return asked(Asked::Kind::revoke, std::move(session), post("/v1/sessions/revoke", plan_.key, body));
}

Ask Customers::context(std::shared_ptr<Session> session, Ask::Manner manner, bool with_bad) {
  std::string sections;
  for (const auto& name : plan_.sections) sections += (sections.empty() ? "\"" : ", \"") + name + "\"";
  if (with_bad) sections += ", \"" + plan_.bad_sections[random_() % plan_.bad_sections.size()] + "\"";
  const auto body =
      R"({"session": ")" + session->token + R"(", "sections": [)" + sections + R"(], "deadline_ms": 400})";
  if (manner == Ask::Manner::leaves) ++counts_["clients that left"];
  return asked(Asked::Kind::context, std::move(session), post("/v1/context", plan_.key, body), manner);
}

Ask Customers::garbage() {
  const auto& all = garbage_requests();
  return asked(Asked::Kind::garbage, nullptr, all[random_() % all.size()]);
}

void Customers::answered(std::uint64_t tag, const Message& answer, Nanoseconds took) {
  const auto found = under_way_.find(tag);
  if (found == under_way_.end()) return fault("an answer that nobody asked for");
  const auto asked = std::move(found->second);
  under_way_.erase(found);
  if (answer.status() >= 500 && answer.status() != 503) fault("status " + std::to_string(answer.status()));
  switch (asked.kind) {
  case Asked::Kind::context:
    latencies_.all.push_back(took);
    return context_answered(asked, answer);
  case Asked::Kind::garbage:
    ++counts_["garbage refused"];
    if (answer.status() < 400) fault("garbage was answered " + std::string(answer.first_line));
    return;
  default:
    return session_answered(asked, answer);
  }
}

void Customers::unanswered(std::uint64_t tag) {
  const auto found = under_way_.find(tag);
  if (found == under_way_.end()) return;
  ++counts_[found->second.kind == Asked::Kind::garbage ? "garbage hung up on" : "requests without an answer"];
  under_way_.erase(found);
}

void Customers::session_answered(const Asked& asked, const Message& answer) {
  if (answer.status() == 503) {
    ++counts_["refused as overloaded"]; // a session that was to be revoked is not asked for any more
    return;
  }
  if (asked.kind == Asked::Kind::revoke) {
    if (answer.status() != 204) return fault("a revocation was answered " + std::to_string(answer.status()));
    ++counts_["sessions revoked"];
    asked.session->revoked = now();
    if (dead_.size() == kRemembered) dead_.erase(dead_.begin());
    return dead_.push_back(asked.session);
  }
  if (answer.status() != 201) return fault("a session was answered " + std::to_string(answer.status()));
  ++counts_["sessions started"];
  asked.session->started = asked.sent;
  asked.session->token = after(answer.body, "\"session\":\"", "\"");
  auto& sessions = asked.session->mortal ? mortal_ : alive_;
  if (sessions.size() == kRemembered) sessions.erase(sessions.begin());
  sessions.push_back(asked.session);
}

void Customers::context_answered(const Asked& asked, const Message& answer) {
  const auto& session = *asked.session;
  if (answer.status() == 404) {
    ++counts_["contexts of dead sessions refused"];
    if (!session.mortal && !session.revoking) fault("a living session was not known");
    return;
  }
  if (answer.status() == 503) {
    ++counts_["refused as overloaded"];
    return;
  }
  if (answer.status() != 200) return fault("a context was answered " + std::to_string(answer.status()));
  if (session.revoked != Nanoseconds::zero() && asked.sent > session.revoked) fault("a revoked session was served");
  const auto json = test::Json::parse(answer.body);
  ++counts_[json.truth("/complete") ? "contexts complete" : "contexts partial"];
  for (const auto& name : json.names("/sections")) hold_section(session, name, json.dump("/sections/" + name));
}

// Nobody ever sees another's data, and nothing that the hub offers is said not to be there.
void Customers::hold_section(const Session& session, const std::string& name, const std::string& section) {
  const auto status = after(section, "\"status\":\"", "\"");
  ++counts_["sections " + std::string(status)];
  if (status == "denied") fault(name + " was denied");
  if (status != "ok") return;
  const bool of_systems = name.ends_with(".orders");
  const auto mark = of_systems ? "\"customer_id\":\"" + id_of(session.customer) + "\""
                               : "\"address\":\"" + id_of(session.customer) + "@shop.example\"";
  if (section.find(of_systems ? "\"customer_id\"" : "\"address\"") == section.npos) return;
  if (section.find(mark) == section.npos) fault(name + " showed somebody else to " + id_of(session.customer));
}

void Customers::fault(const std::string& what) {
  ++counts_["FAULTS"];
  if (faults_.size() < 20) faults_.push_back(what);
}

} // namespace plugboard::bench
