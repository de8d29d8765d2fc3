// C7: whatever a provider's key set is like, logins whose key is known go on; unknown kids cause one fetch in half a
// minute at most; and keys that rotate with an overlap cost no login. The provider is ours and hostile, the hub and the
// plugin in its worker are real.
#include "plugins/jwt/test/signing_key.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <thread>

namespace plugboard::test {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kNotBlocked{2000}; // a login that waits for a fetch waits five seconds
constexpr int kUnknown = 10'000;
constexpr int kSenders = 4;

struct Hostility {
  const char* name;
  UpstreamReply keys;
};

std::vector<Hostility> hostilities() {
  return {{"wrong", {.body = R"({"keys": "none"})"}},
          {"html", {.body = "<html>maintenance</html>", .content_type = "text/html"}},
          {"empty", {.body = R"({"keys": []})"}},
          {"secret", {.body = R"({"keys": [{"kty": "oct", "k": "c2VjcmV0"}]})"}},
          {"failing", {.status = 500}},
          {"deep", {.body = std::string(100'000, '[')}},
          {"huge", {.body = R"({"keys": [], "x": ")" + std::string(std::size_t{4} << 20, 'x') + "\"}"}},
          {"endless",
           {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
            .again = std::string(65536, ' '),
            .times = 100'000}},
          {"slow", {.hang = true}},
          {"redirecting", {.raw = "HTTP/1.1 302 Found\r\nLocation: /trap\r\nContent-Length: 0\r\n\r\n"}}};
}

std::int64_t unix_now() {
  return std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

class Provider { // one upstream, an issuer a path
 public:
  std::string issuer(const std::string& name) const {
    return "http://127.0.0.1:" + std::to_string(upstream_.port()) + "/" + name;
  }

  void publish(const std::string& name, UpstreamReply keys) {
    upstream_.on("/" + name + "/.well-known/openid-configuration",
                 UpstreamReply{.body = R"({"issuer":")" + issuer(name) + R"(","authorization_endpoint":")" +
                                       issuer(name) + R"(/auth","token_endpoint":")" + issuer(name) +
                                       R"(/token","jwks_uri":")" + issuer(name) + R"(/keys"})"});
    upstream_.on("/" + name + "/keys", std::move(keys));
  }

  UpstreamReply keys(std::initializer_list<const char*> kids) const {
    std::string all;
    for (const std::string kid : kids) all += (all.empty() ? "" : ",") + key(kid).jwk(R"("kid":")" + kid + "\"");
    return {.body = "{\"keys\":[" + all + "]}"};
  }

  std::string token(const std::string& name, const std::string& kid) const {
    const std::int64_t now = unix_now();
    return key(kid).token("ES256", jwt::test::header("ES256", kid),
                          R"({"iss":")" + issuer(name) + R"(","aud":"hub","sub":"u-1","iat":)" + std::to_string(now) +
                              R"(,"exp":)" + std::to_string(now + 600) + "}");
  }

  std::size_t fetches(const std::string& name) const { return upstream_.requests("/" + name + "/keys").size(); }

  std::size_t trapped() const { return upstream_.requests("/trap").size(); }

  int port() const { return upstream_.port(); }

 private:
  const jwt::test::SigningKey& key(const std::string& kid) const { return kid == "b" ? second_ : first_; }

  const jwt::test::SigningKey first_ = jwt::test::SigningKey::p256(), second_ = jwt::test::SigningKey::p256();
  Upstream upstream_;
};

class Logins {
 public:
  explicit Logins(Showing& showing) : showing_(showing), hub_(configuration()) {
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
  }

  std::string hostile_key_sets();
  std::string rotation();
  std::string unknown_kids();

 private:
  HubConfig configuration();
  std::string connector(const std::string& name) const;
  int log_in(Connection& connection, const std::string& name, const std::string& kid);
  int log_in(const std::string& name, const std::string& kid);
  void not_blocked(const std::string& name, const std::string& when);

  Showing& showing_;
  Provider provider_;
  HubProcess hub_;
  milliseconds slowest_{0};
};

std::string Logins::connector(const std::string& name) const {
  return R"({"plugin": "oidc", "limits": {"memory_mb": 128}, "config": {"issuer": ")" + provider_.issuer(name) +
         R"(", "client_id": "hub", "id_tokens": "without_nonce"}, "grants": {"egress": ["http:127.0.0.1:)" +
         std::to_string(provider_.port()) + "\"]}}";
}

HubConfig Logins::configuration() {
  HubConfig config;
  for (const auto& hostility : hostilities()) config.add(hostility.name, connector(hostility.name));
  config.add("rotating", connector("rotating")).add("stormed", connector("stormed"));
  return config;
}

int Logins::log_in(Connection& connection, const std::string& name, const std::string& kid) {
  return connection
      .ask({.path = "/v1/sessions",
            .key = kDesk,
            .body = R"({"connector": ")" + name + R"(", "credential": {"id_token": ")" + provider_.token(name, kid) +
                    "\"}}"})
      .status;
}

int Logins::log_in(const std::string& name, const std::string& kid) {
  auto connection = Connection::tcp(hub_.port());
  return connection ? log_in(*connection, name, kid) : 0;
}

void Logins::not_blocked(const std::string& name, const std::string& when) {
  const auto before = Clock::now();
  const int status = log_in(name, "a");
  const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - before);
  slowest_ = std::max(slowest_, took);
  showing_.holds(status == 201, name + ": a login with a known key " + when + " ended with " + std::to_string(status));
  showing_.holds(took <= kNotBlocked,
                 name + ": a login with a known key " + when + " took " + std::to_string(took.count()) + " ms");
  showing_.count("known");
}

std::string Logins::hostile_key_sets() {
  for (const auto& hostility : hostilities()) {
    const std::string name = hostility.name;
    provider_.publish(name, provider_.keys({"a"}));
    not_blocked(name, "at first");
    provider_.publish(name, hostility.keys);
    std::atomic<int> unknown = 0;
    std::thread waiting([&] { unknown = log_in(name, "unknown"); });
    showing_.holds(eventually([&] { return provider_.fetches(name) == 2; }),
                   name + ": nobody asked for the unknown key");
    for (int i = 0; i < 5; ++i) not_blocked(name, "while the key set is fetched");
    waiting.join();
    showing_.holds(unknown == 403, name + ": a token of an unknown key ended with " + std::to_string(unknown));
    not_blocked(name, "afterwards");
  }
  showing_.holds(provider_.trapped() == 0, "the hub followed a redirect");
  return std::to_string(hostilities().size()) + " hostile key sets, known keys' logins in at most " +
         std::to_string(slowest_.count()) + " ms";
}

// The new key is published, then used; the old one stays until its last token is over.
std::string Logins::rotation() {
  provider_.publish("rotating", provider_.keys({"a"}));
  int done = 0, failed = 0;
  const auto several = [&](const char* kid) {
    std::atomic<int> bad = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < kSenders; ++i)
      clients.emplace_back([&] {
        for (int n = 0; n < 25; ++n) bad += log_in("rotating", kid) == 201 ? 0 : 1;
      });
    for (auto& client : clients) client.join();
    done += kSenders * 25;
    failed += bad;
  };
  several("a");
  provider_.publish("rotating", provider_.keys({"a", "b"}));
  several("a");
  several("b");
  several("a");
  provider_.publish("rotating", provider_.keys({"b"}));
  several("b");
  showing_.holds(failed == 0, std::to_string(failed) + " logins failed over a rotation");
  return std::to_string(done) + " logins over a rotation, " + std::to_string(failed) + " failed";
}

std::string Logins::unknown_kids() {
  provider_.publish("stormed", provider_.keys({"a"}));
  not_blocked("stormed", "at first");
  const std::size_t before = provider_.fetches("stormed");
  const auto began = Clock::now();
  std::atomic<int> taken = 0, sent = 0;
  std::vector<std::thread> senders;
  for (int i = 0; i < kSenders; ++i)
    senders.emplace_back([&, i] {
      auto connection = Connection::tcp(hub_.port());
      for (int n = 0; connection && n < kUnknown / kSenders; ++n, ++sent)
        taken += log_in(*connection, "stormed", "kid-" + std::to_string(i) + "-" + std::to_string(n)) == 403 ? 0 : 1;
    });
  while (sent < kUnknown / 2) not_blocked("stormed", "under a storm");
  for (auto& sender : senders) sender.join();
  const auto took = std::chrono::duration_cast<seconds>(Clock::now() - began);
  const auto fetches = provider_.fetches("stormed") - before;
  const auto most = static_cast<std::size_t>(took.count() / 30 + 1);
  showing_.holds(sent == kUnknown, "only " + std::to_string(sent) + " tokens were sent");
  showing_.holds(taken == 0, std::to_string(taken) + " tokens of unknown keys were not plainly refused");
  showing_.holds(fetches >= 1 && fetches <= most,
                 std::to_string(fetches) + " fetches in " + std::to_string(took.count()) + " s");
  return std::to_string(sent) + " unknown kids in " + std::to_string(took.count()) + " s, " + std::to_string(fetches) +
         " fetch";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "C7", [](Showing& showing) {
    Logins logins(showing);
    return logins.hostile_key_sets() + "; " + logins.rotation() + "; " + logins.unknown_kids();
  });
}
