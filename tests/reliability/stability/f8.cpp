// F8: the store, the identity provider and the name servers go away, one by one and all together. Who has a session is
// served as before, whoever logs in is told soon what is so, nobody who is down is asked in a storm, and soon after
// they are back all is as it was. The systems themselves stay, but each call needs a new connection to them.
#include "plugins/jwt/test/signing_key.hpp"
#include "tests/reliability/durability/failpoints.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/name_server.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <stdexcept>
#include <thread>

namespace plugboard::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kCustomers = 24, kAgents = 4;
constexpr milliseconds kSoon{1500}; // a login is answered, whatever the answer
constexpr seconds kBack{5};
constexpr milliseconds kBetween{10};
constexpr int kThreads = 2, kTries = 2; // of the hub: who asks for a name, and how often

milliseconds since(Clock::time_point began) {
  return std::chrono::duration_cast<milliseconds>(Clock::now() - began);
}

std::int64_t unix_now() {
  return std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Provider {
 public:
  explicit Provider(std::string host) : host_(std::move(host)) { come_back(); }

  std::string issuer() const { return "http://" + host_ + ":" + std::to_string(upstream_.port()); }

  int port() const { return upstream_.port(); }

  void come_back() {
    upstream_.on("/.well-known/openid-configuration",
                 UpstreamReply{.body = R"({"issuer":")" + issuer() + R"(","authorization_endpoint":")" + issuer() +
                                       R"(/auth","token_endpoint":")" + issuer() + R"(/token","jwks_uri":")" +
                                       issuer() + R"(/keys"})",
                               .close = true});
    upstream_.on("/keys", UpstreamReply{.body = "{\"keys\":[" + key_.jwk(R"("kid":"known")") + "]}", .close = true});
  }

  void go_away() {
    for (const char* path : {"/.well-known/openid-configuration", "/keys"})
      upstream_.on(path, UpstreamReply{.hang = true});
  }

  std::size_t asked() const { return upstream_.requests().size(); }

  std::string token(const std::string& subject, const std::string& kid) const {
    const auto now = unix_now();
    return key_.token("ES256", jwt::test::header("ES256", kid),
                      R"({"iss":")" + issuer() + R"(","aud":"hub","sub":")" + subject + R"(","customer":"id-)" +
                          subject + R"(","iat":)" + std::to_string(now) + R"(,"exp":)" + std::to_string(now + 3600) +
                          "}");
  }

 private:
  const std::string host_;
  const jwt::test::SigningKey key_ = jwt::test::SigningKey::p256();
  Upstream upstream_;
};

struct Outage {
  std::string name;
  bool store = false; // no session can be made
  bool provider = false, names = false;
  Failpoints::Fault fault{};
};

std::vector<Outage> outages() {
  const auto writes = static_cast<std::uint32_t>(Call::write) | static_cast<std::uint32_t>(Call::truncate);
  const auto flushes = static_cast<std::uint32_t>(Call::fdatasync) | static_cast<std::uint32_t>(Call::fsync);
  const Failpoints::Fault full{.calls = writes, .error = ENOSPC, .stays = true, .only = ".db"};
  const Failpoints::Fault hangs{.calls = writes | flushes, .deed = Deed::wait, .stays = true, .only = ".db"};
  return {{.name = "the store is full", .store = true, .fault = full},
          {.name = "the store hangs", .store = true, .fault = hangs},
          {.name = "the identity provider is silent", .provider = true},
          {.name = "the name servers are silent", .names = true},
          {.name = "all of them", .store = true, .provider = true, .names = true, .fault = hangs}};
}

class Stability {
 public:
  explicit Stability(Showing& showing)
      : showing_(showing), names_([this](const std::string&, bool) {
          return NameAnswer{.addresses = {"127.0.0.1"}, .ttl = 1, .silent = silent_};
        }),
        provider_("localhost"), hub_(configuration()) {
    shop_.on("/orders", UpstreamReply{.body = R"({"open": 3})", .close = true});
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
    for (std::size_t i = 0; i < kCustomers; ++i) {
      const auto answer = log_in("u-" + std::to_string(i));
      if (answer.status != 201) throw std::runtime_error("no session: " + answer.body);
      sessions_.push_back(answer.json().text("/session"));
    }
    for (const auto& session : sessions_) serve(session, "at first");
  }

  void endure(const Outage& outage, seconds time);

  std::string seen() const {
    return std::to_string(showing_.counted("contexts")) + " contexts, the slowest after " +
           std::to_string(slowest_.load()) + " ms; logins told after at most " + std::to_string(slowest_login_) +
           " ms; the provider asked " + std::to_string(showing_.counted("asked of the provider")) +
           " times meanwhile, the name servers " + std::to_string(showing_.counted("asked of the name servers")) +
           "; all is well at most " + std::to_string(latest_back_) + " ms after they are back";
  }

  void stop() { showing_.holds(hub_.stop() == 0, "the hub did not stop well"); }

 private:
  HubConfig configuration();
  Answer ask(const Ask& ask);
  Answer log_in(const std::string& subject, const std::string& kid = "known");
  void serve(const std::string& session, const std::string& when);
  void begin(const Outage& outage);
  void end();
  void newcomers(const Outage& outage, Clock::time_point until);

  Showing& showing_;
  std::atomic<bool> silent_{false};
  NameServer names_;
  Provider provider_;
  Upstream shop_;
  Failpoints failpoints_;
  HubProcess hub_;
  std::vector<std::string> sessions_;
  std::atomic<std::int64_t> slowest_{0};
  std::int64_t slowest_login_ = 0, latest_back_ = 0;
};

HubConfig Stability::configuration() {
  HubConfig config;
  config.threads = kThreads;
  config.more = R"("upstreams": {"dns": {"servers": [")" + names_.address() + R"("]}},)";
  const auto grants = [](const std::string& host, int port) {
    return R"("grants": {"egress": ["http:)" + host + ":" + std::to_string(port) +
           R"("], "networks": ["127.0.0.0/8"]})";
  };
  config.login = R"({"plugin": "oidc", "config": {"issuer": ")" + provider_.issuer() +
                 R"(", "client_id": "hub", "id_tokens": "without_nonce",
                   "identifiers": {"customer_id": {"claim": "customer", "verified": true}}}, )" +
                 grants("localhost", provider_.port()) + "}";
  config.add("shop", R"({"plugin": "rest", "config": {"base_url": "http://api.shop.example:)" +
                         std::to_string(shop_.port()) + R"(", "sections": {"orders": )" + rest_section("/orders") +
                         "}}, " + grants("api.shop.example", shop_.port()) + "}");
  for (const auto& [name, value] : failpoints_.environment()) config.environment[name] = value;
  return config;
}

// Status 0: no answer.
Answer Stability::ask(const Ask& ask) {
  try {
    auto connection = Connection::tcp(hub_.port());
    return connection ? connection->ask(ask) : Answer{.body = "the hub takes no connection"};
  } catch (const std::exception& none) {
    return {.body = none.what()};
  }
}

Answer Stability::log_in(const std::string& subject, const std::string& kid) {
  return ask(
      {.path = "/v1/sessions",
       .key = kDesk,
       .body = R"({"connector": "login", "credential": {"id_token": ")" + provider_.token(subject, kid) + "\"}}"});
}

void Stability::serve(const std::string& session, const std::string& when) {
  const auto began = Clock::now();
  const auto answer = ask({.path = "/v1/context",
                           .key = kDesk,
                           .body = R"({"session": ")" + session + R"(", "required": ["shop.orders"]})"});
  const auto took = since(began).count();
  for (auto slowest = slowest_.load(); took > slowest && !slowest_.compare_exchange_weak(slowest, took);) {}
  showing_.holds(answer.status == 200 && answer.json().text("/sections/shop.orders/status") == "ok",
                 when + ": who has a session is answered " + std::to_string(answer.status) + " " + answer.body);
  showing_.count("contexts");
}

void Stability::begin(const Outage& outage) {
  silent_ = outage.names;
  if (outage.provider) provider_.go_away();
  if (outage.store) failpoints_.arm(outage.fault);
}

void Stability::end() {
  failpoints_.disarm();
  provider_.come_back();
  silent_ = false;
}

// A login whose key is known needs nobody but the store; for an unknown one the provider is asked first, once.
void Stability::newcomers(const Outage& outage, Clock::time_point until) {
  for (int i = 0; Clock::now() < until; ++i) {
    const auto began = Clock::now();
    const auto answer = log_in("new-" + std::to_string(i));
    const auto took = since(began);
    slowest_login_ = std::max<std::int64_t>(slowest_login_, took.count());
    const auto told = std::to_string(answer.status) + " " + answer.body;
    showing_.holds(took <= kSoon, outage.name + ": a login is answered after " + std::to_string(took.count()) + " ms");
    if (outage.store)
      showing_.holds(answer.status == 503 && !answer.header("retry-after").empty(),
                     outage.name + ": a login is answered " + told);
    else
      showing_.holds(answer.status == 201, outage.name + ": a login is answered " + told);
    std::this_thread::sleep_for(milliseconds(100));
  }
}

void Stability::endure(const Outage& outage, seconds time) {
  const auto asked = provider_.asked();
  const auto questions = names_.questions();
  begin(outage);
  const auto until = Clock::now() + time;
  {
    std::vector<std::jthread> agents;
    for (std::size_t agent = 0; agent < kAgents; ++agent)
      agents.emplace_back([&, agent] {
        for (auto i = agent; Clock::now() < until; i += kAgents) {
          serve(sessions_[i % kCustomers], outage.name);
          std::this_thread::sleep_for(kBetween); // each costs a port of the machine's for a minute
        }
      });
    // One with a key that nobody knows waits for the provider as long as its fetch may take, and keeps nobody else.
    agents.emplace_back([&] {
      if (outage.provider)
        showing_.holds(log_in("u-0", "unknown").status != 201, outage.name + ": a login of nobody's");
    });
    newcomers(outage, until);
  }
  const auto rounds = time / seconds(30) + 1;
  const auto provider_asked = static_cast<std::int64_t>(provider_.asked() - asked);
  const auto names_asked = names_.questions() - questions;
  showing_.count("asked of the provider", provider_asked);
  showing_.holds(provider_asked <= 2 * rounds,
                 outage.name + ": the provider was asked " + std::to_string(provider_asked) + " times");
  if (outage.names) {
    showing_.count("asked of the name servers", names_asked);
    showing_.holds(names_asked <= kThreads * kTries * rounds,
                   outage.name + ": the name servers were asked " + std::to_string(names_asked) + " times");
  }
  end();
  const auto back = Clock::now();
  showing_.holds(eventually([&] { return log_in("back").status == 201; }, kBack),
                 outage.name + ": five seconds after it is over nobody can log in");
  latest_back_ = std::max<std::int64_t>(latest_back_, since(back).count());
  for (const auto& session : sessions_) serve(session, "after: " + outage.name);
}

std::string show(Showing& showing) {
  Stability stability(showing);
  const auto all = outages();
  for (const auto& outage : all) stability.endure(outage, seconds(showing.full ? 60 : 4));
  stability.stop();
  return std::to_string(all.size()) + " outages, " + stability.seen();
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "F8", plugboard::test::show);
}
