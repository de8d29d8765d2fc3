#include "tests/reliability/durability/ledger.hpp"

#include <algorithm>
#include <utility>

namespace plugboard::test {

Ledger::Ledger(const Ledger& other) {
  const std::lock_guard lock(other.mutex_);
  sessions_ = other.sessions_;
  order_ = other.order_;
  fresh_ = other.fresh_;
  clients_ = other.clients_;
  fresh_clients_ = other.fresh_clients_;
  customers_ = other.customers_;
  acknowledgements_ = other.acknowledgements_;
  lost_ = other.lost_;
  risen_ = other.risen_;
  foreign_ = other.foreign_;
}

void Ledger::doubt(const Ledger& later) {
  const std::scoped_lock lock(mutex_, later.mutex_);
  for (auto& [token, entry] : sessions_)
    if (entry.state == State::live && later.sessions_.at(token).state != State::live) entry.state = State::revoking;
}

void Ledger::created(const std::string& token, const std::string& subject, const std::string& customer) {
  const std::lock_guard lock(mutex_);
  ++acknowledgements_;
  sessions_[token] = {State::live, subject, customer};
  order_.push_back(token);
  fresh_.push_back(token);
  if (customers_.emplace(subject, customer).first->second != customer) ++foreign_;
}

void Ledger::revoking(const std::string& token) {
  const std::lock_guard lock(mutex_);
  sessions_[token].state = State::revoking;
  fresh_.push_back(token);
}

void Ledger::revoked(const std::string& token) {
  const std::lock_guard lock(mutex_);
  ++acknowledgements_;
  sessions_[token].state = State::dead;
}

void Ledger::added(const std::string& client, const std::string& key) {
  const std::lock_guard lock(mutex_);
  ++acknowledgements_;
  clients_[key] = client;
  fresh_clients_.push_back(key);
}

void Ledger::disclosed(const std::string& context) {
  const std::lock_guard lock(mutex_);
  ++acknowledgements_;
  disclosed_.push_back(context);
}

std::vector<std::string> Ledger::take_disclosed() {
  const std::lock_guard lock(mutex_);
  return std::exchange(disclosed_, {});
}

std::size_t Ledger::acknowledged() const {
  const std::lock_guard lock(mutex_);
  return acknowledgements_;
}

std::optional<std::string> Ledger::any_live(std::mt19937_64& random) const {
  const std::lock_guard lock(mutex_);
  for (int tries = 0; tries < 8 && !order_.empty(); ++tries) {
    const auto& token = order_[random() % order_.size()];
    if (sessions_.at(token).state == State::live) return token;
  }
  return std::nullopt;
}

// What was under way when the hub ended may have come to either end; from now on it is what it is seen to be.
void Ledger::compare_session(const std::string& token, Entry& entry, const Hub& hub, Showing& showing) {
  const auto seen = hub.session(token);
  if (!seen && entry.state == State::live) {
    ++lost_;
    showing.fail("a session of " + entry.subject + " that was acknowledged is gone");
  }
  if (seen && entry.state == State::dead) {
    ++risen_;
    showing.fail("a session of " + entry.subject + " whose revocation was acknowledged lives");
  }
  if (seen && (seen->customer != entry.customer || seen->subject != entry.subject)) {
    ++foreign_;
    showing.fail("the session of " + entry.subject + " (" + entry.customer + ") is shown as " + seen->subject + " (" +
                 seen->customer + ")");
  }
  entry.state = seen ? State::live : State::dead;
}

void Ledger::compare(const Hub& hub, std::size_t sample, Showing& showing) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> tokens = sample == 0 ? order_ : std::exchange(fresh_, {});
  for (std::size_t i = 0; i < sample && !order_.empty(); ++i)
    tokens.push_back(order_[showing.random() % order_.size()]);
  std::sort(tokens.begin(), tokens.end());
  tokens.erase(std::unique(tokens.begin(), tokens.end()), tokens.end());
  for (const auto& token : tokens) compare_session(token, sessions_.at(token), hub, showing);
  auto keys = std::exchange(fresh_clients_, {});
  if (sample == 0) {
    keys.clear();
    for (const auto& [key, client] : clients_) keys.push_back(key);
  }
  for (const auto& key : keys)
    if (!hub.client(key)) {
      ++lost_;
      showing.fail("client " + clients_[key] + " that was acknowledged is gone");
    }
}

} // namespace plugboard::test
