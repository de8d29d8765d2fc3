// A provider behind the fake host's HTTP: publishes itself, gives tokens for codes, and lies when a test says so. Not
// for several threads.
#pragma once

#include "plugins/jwt/test/signing_key.hpp"
#include "plugins/oidc/connector.hpp"

#include <plugboard/detail/thunks.hpp>
#include <plugboard/testkit.hpp>

#include <map>
#include <memory>
#include <string>

namespace oidc::test {

inline constexpr std::int64_t kNow = 1'800'000'000;
inline constexpr char kIssuer[] = "https://id.example";
inline constexpr char kBack[] = "https://chat.example/back";

// Claims by name, each as JSON text; an empty one is left out.
using Claims = std::map<std::string, std::string>;

class FakeProvider {
 public:
  explicit FakeProvider(plugboard::testkit::FakeHost& host);

  Claims id_claims() const; // good ones, but for the nonce, which login() puts in
  Claims logout_claims() const;
  std::string sign(const Claims& claims, std::string_view typ = "", std::string_view kid = "a") const;

  std::map<std::string, plugboard::testkit::Scripted> pages; // instead of the own ones, by path
  std::map<std::string, int> asked;                          // how often, by path
  std::string last_token_request, last_authorization;        // body and header of it
  std::string jwks;
  std::string metadata_more; // further members, with a comma before
  std::string token_answer;  // of the token endpoint
  int token_status = 200;

 private:
  plugboard::testkit::Scripted answer(const plugboard::testkit::Sent& sent);
};

const jwt::test::SigningKey& key_a();
const jwt::test::SigningKey& key_b();

// What the senses tell: tests move it.
struct World {
  std::int64_t now = kNow, uptime = 1000;
  unsigned char next_random = 0;
};

World& world(); // of the connectors under test; each test begins it anew

class UnderTest : public Connector {
 public:
  UnderTest(plugboard::Host host, std::string_view config);
};

std::string
config(const std::string& more = {}); // of a confidential client; more: further members, with a comma before

// A parameter of a URL's query, decoded.
std::string parameter(const std::string& url, const std::string& name);

// The challenge's URL.
std::string url_of(const plugboard::testkit::Answer& challenge);

// A setting: host, provider, the connector running.
struct Setting {
  explicit Setting(const std::string& more_config = {});

  // The first step; then the browser comes back with a code, the provider's token having `claims` in the place of good
  // ones; the answer is that of the second step.
  plugboard::testkit::Answer begin(const std::string& credential = "{}");
  plugboard::testkit::Answer come_back(const std::string& query, const std::string& state);
  plugboard::testkit::Answer log_in(const Claims& changed = {}, const std::string& credential = "{}");

  plugboard::testkit::FakeHost host;
  FakeProvider provider{host};
  std::unique_ptr<plugboard::testkit::Running> running;
  std::string typ, kid = "a"; // of the tokens
};

} // namespace oidc::test
