#include "tests/reliability/durability/hub_clients.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace plugboard::test {

HubConfig durable_hub() {
  HubConfig config;
  config.more = R"("drain_ms": 500,)";
  return config;
}

std::string subject_of(std::uint64_t number) {
  return "u-" + std::to_string(number % 23);
}

namespace {

Customer customer_named(const std::string& subject) {
  return {.subject = subject, .email = subject + "@shop.example", .customer_id = "id-" + subject, .lifetime = 36'000};
}

// Of the answer about a session: who the customer is by both identifiers, which must agree.
Ledger::Seen seen_in(const Json& session) {
  const auto email = session.text("/customer/identifiers/0/value");
  const auto id = session.text("/customer/identifiers/1/value");
  const auto subject = email.substr(0, email.find('@'));
  return {id == "id-" + subject ? subject : email + " and " + id, session.text("/customer/id")};
}

// The hub answers a client that asks for many sessions that are none no faster than it says: most that is asked for
// here is dead.
Answer introspected(Connection& connection, const std::string& token) {
  const Ask ask{.path = "/v1/sessions/introspect", .key = kDesk, .body = with_session(token)};
  for (int again = 0; again < 100; ++again) {
    auto answer = connection.ask(ask);
    if (answer.status != 429) return answer;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return connection.ask(ask);
}

} // namespace

std::string with_session(const std::string& token) {
  return R"({"session": ")" + token + "\"}";
}

std::string login_of(const std::string& subject) {
  return R"({"connector": "login", "credential": {"token": ")" + token_of(customer_named(subject)) + "\"}}";
}

std::optional<std::string> try_create(Connection& connection, const std::string& subject, Ledger& ledger) {
  const auto answer = connection.ask({.path = "/v1/sessions", .key = kDesk, .body = login_of(subject)});
  if (answer.status != 201) return std::nullopt;
  auto token = answer.json().text("/session");
  ledger.created(token, subject, answer.json().text("/customer/id"));
  return token;
}

Ledger::Hub asked_over(Connection& connection) {
  return {[&connection](const std::string& token) -> std::optional<Ledger::Seen> {
            const auto answer = introspected(connection, token);
            if (answer.status != 200) throw std::runtime_error("introspection is answered " + answer.body);
            if (!answer.json().has("/customer")) return std::nullopt;
            return seen_in(answer.json());
          },
          [&connection](const std::string& key) {
            return connection.ask({.method = "GET", .path = "/v1/sections", .key = key, .body = {}}).status == 200;
          }};
}

MixedWriters::MixedWriters(int port, std::string admin_socket, Ledger& ledger, std::uint64_t seed)
    : port_(port), admin_socket_(std::move(admin_socket)), ledger_(ledger) {
  for (std::uint64_t i = 0; i < 3; ++i) threads_.emplace_back([this, seed, i] { customers(seed * 4 + i); });
  threads_.emplace_back([this, seed] { admin(seed * 4 + 3); });
}

MixedWriters::~MixedWriters() {
  stop_ = true;
  for (auto& thread : threads_) thread.join();
}

void MixedWriters::customers(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  try { // until the hub ends in the middle of an answer, which an exception says
    auto connection = Connection::tcp(port_);
    std::vector<std::string> mine; // nobody else revokes them
    while (connection && !stop_) {
      const auto step = random() % 10;
      if (step < 5 || mine.empty()) {
        if (auto token = try_create(*connection, subject_of(random()), ledger_)) mine.push_back(std::move(*token));
        continue;
      }
      const auto which = random() % mine.size();
      if (step < 7) {
        connection->ask({.path = "/v1/sessions/introspect", .key = kDesk, .body = with_session(mine[which])});
        const auto shown = connection->ask({.path = "/v1/context", .key = kDesk, .body = with_session(mine[which])});
        if (shown.status == 200) ledger_.disclosed(shown.json().text("/context_id"));
        continue;
      }
      const auto token = mine[which];
      mine.erase(mine.begin() + static_cast<std::ptrdiff_t>(which));
      ledger_.revoking(token);
      if (connection->ask({.path = "/v1/sessions/revoke", .key = kDesk, .body = with_session(token)}).status == 204)
        ledger_.revoked(token);
    }
  } catch (const std::exception&) {
    return;
  }
}

void MixedWriters::admin(std::uint64_t seed) {
  try {
    for (int i = 0; !stop_; ++i) {
      auto connection = Connection::unix(admin_socket_);
      if (!connection) return;
      const auto id = "c-" + std::to_string(seed) + "-" + std::to_string(i);
      const auto answer =
          connection->ask({.path = "/admin/v1/clients",
                           .body = R"({"id": ")" + id + R"(", "sections": ["*"], "scopes": ["context:read"]})"});
      if (answer.status == 201) ledger_.added(id, answer.json().text("/key"));
      std::this_thread::sleep_for(std::chrono::milliseconds(10)); // a client is added now and then
    }
  } catch (const std::exception&) {
    return;
  }
}

} // namespace plugboard::test
