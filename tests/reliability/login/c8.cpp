// C8: a login at a real provider, and everything that can be wrong with one: tokens and metadata spoilt by a proxy on
// the way, callbacks of other logins, providers and places, codes used twice or late, logout tokens that are none. All
// are refused, while honest logins before, between and after are taken.
#include "tests/integration/oidc/provider.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/hub_process.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace plugboard::test {
namespace {

constexpr const char* kSteppedUp = R"({"acr_values": ["gold"], "max_age": 600, "prompt": "login"})";
constexpr const char* kSpoiltMetadata[] = {"metadata_issuer", "metadata_in_the_clear", "metadata_without_s256"};

struct Step { // the first, and where the browser ended up
  std::string token, callback;
};

std::string with(std::string text, const std::string& was, const std::string& is) {
  const auto at = text.find(was);
  if (at == text.npos) throw std::runtime_error("no \"" + was + "\" in " + text);
  return text.replace(at, was.size(), is);
}

std::string without(const std::string& url, const std::string& parameter) { // one that is not the first
  const auto at = url.find("&" + parameter + "=");
  if (at == url.npos) throw std::runtime_error("no " + parameter + " in " + url);
  const auto end = url.find('&', at + 1);
  return url.substr(0, at) + (end == url.npos ? "" : url.substr(end));
}

class Logins {
 public:
  explicit Logins(Showing& showing)
      : showing_(showing), port_(free_port()), hub_(configuration()), started_(hub_.start()),
        provider_(port_, "http://127.0.0.1:" + std::to_string(hub_.port()) + "/v1/logout/login") {
    if (!started_) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
  }

  void metadata();
  void tokens();
  void callbacks();
  void logouts();

 private:
  HubConfig configuration() const;
  Step begin(const std::string& connector = "login", const std::string& credential = kSteppedUp);
  Answer finish(const Step& step);
  std::string honest(const std::string& when); // the session's token
  void refused(const std::string& what, const Answer& answer);
  bool is_alive(const std::string& session);
  Answer log_out(const std::string& token, const std::string& type = "application/x-www-form-urlencoded");

  Showing& showing_;
  const int port_;
  HubProcess hub_;
  const bool started_;
  OidcProvider provider_;
};

HubConfig Logins::configuration() const {
  HubConfig config;
  config.login = oidc_connector(port_);
  for (const char* name : kSpoiltMetadata) config.add(name, oidc_connector(port_));
  config.environment["OIDC_SECRET"] = kOidcSecret;
  return config;
}

Step Logins::begin(const std::string& connector, const std::string& credential) {
  const Answer first =
      hub_.post("/v1/sessions", R"({"connector": ")" + connector + R"(", "credential": )" + credential + "}");
  if (first.status != 202) throw std::runtime_error("no first step: " + first.body + hub_.raw_log());
  return {first.json().text("/continue"), provider_.browse(first.json().text("/challenge/url"))};
}

Answer Logins::finish(const Step& step) {
  return hub_.post("/v1/sessions", R"({"continue": )" + json_string(step.token) + R"(, "credential": {"callback": )" +
                                       json_string(step.callback) + "}}");
}

std::string Logins::honest(const std::string& when) {
  const Answer answer = finish(begin());
  showing_.count("honest");
  if (!showing_.holds(answer.status == 201, "an honest login " + when + " ended with " + answer.body)) return "";
  return answer.json().text("/session");
}

void Logins::refused(const std::string& what, const Answer& answer) {
  showing_.count("refused");
  showing_.holds(answer.status == 403 && answer.problem() == "credential-rejected",
                 what + ": " + std::to_string(answer.status) + " " + answer.body);
}

bool Logins::is_alive(const std::string& session) {
  return hub_.post("/v1/sessions/introspect", R"({"session": )" + json_string(session) + "}").json().truth("/active");
}

// Each connector meets its provider for the first time when the metadata are spoilt.
void Logins::metadata() {
  for (const char* name : kSpoiltMetadata) {
    provider_.spoil(name);
    const Answer answer =
        hub_.post("/v1/sessions", R"({"connector": ")" + std::string(name) + R"(", "credential": {}})");
    showing_.holds(answer.status == 503, std::string(name) + ": " + answer.body);
    showing_.count("refused");
  }
  provider_.spoil("");
}

void Logins::tokens() {
  honest("at first");
  int nth = 0;
  for (const auto& name : provider_.spoil("")) {
    provider_.spoil(name);
    const Step step = begin();
    if (name == "late_code") std::this_thread::sleep_for(std::chrono::milliseconds(2100));
    const Answer answer = finish(step);
    if (name == "no_id_token") // the provider breaks its contract: nobody's credential is at fault
      showing_.holds(answer.status == 503, name + ": " + answer.body);
    else
      refused(name, answer);
    provider_.spoil("");
    if (++nth % 8 == 0) honest("after " + name);
  }
}

void Logins::callbacks() {
  const auto spoilt = [&](const std::string& what, const auto& change) {
    Step step = begin();
    step.callback = change(step.callback);
    refused(what, finish(step));
  };
  const std::string issuer = "http%3A%2F%2F127.0.0.1%3A" + std::to_string(port_);
  spoilt("another state", [](auto url) { return with(url, "&state=", "&state=x"); });
  spoilt("no state", [](auto url) { return without(url, "state"); });
  spoilt("two states", [](auto url) { return url + "&state=x"; });
  spoilt("another issuer", [&](auto url) { return with(url, issuer, "https%3A%2F%2Fevil.example"); });
  spoilt("no issuer", [](auto url) { return without(url, "iss"); });
  spoilt("no code", [](auto url) { return with(url, "?code=", "?c="); });
  spoilt("another code", [](auto url) { return with(url, "?code=", "?code=x"); });
  spoilt("two codes", [](auto url) { return url + "&code=x"; });
  spoilt("an error", [](auto url) { return with(url, "?code=", "?error=access_denied&c="); });
  for (const char* place : {"https://chat.example/back/", "https://chat.example/back2", "https://evil.example/back",
                            "http://chat.example/back", "https://chat.example:444/back"})
    spoilt(place, [&](auto url) { return with(url, "https://chat.example/back", place); });
  for (const char* wish :
       {R"({"redirect_uri": "https://evil.example/back"})", R"({"redirect_uri": "https://chat.example/back/"})"})
    refused(wish, hub_.post("/v1/sessions", R"({"connector": "login", "credential": )" + std::string(wish) + "}"));

  Step mine = begin(), other = begin();
  std::swap(mine.callback, other.callback);
  refused("another login's callback", finish(mine));
  Step used = begin();
  showing_.holds(finish(used).status == 201, "an honest login before its code is used again");
  showing_.holds(finish(used).status == 404, "a step was taken twice");
  Step again = begin();
  const auto code = [](const std::string& url) {
    return url.substr(url.find("?code="), url.find('&') - url.find("?code="));
  };
  again.callback = with(again.callback, code(again.callback), code(used.callback));
  refused("a code that was used", finish(again));
  honest("after callbacks");
}

Answer Logins::log_out(const std::string& token, const std::string& type) {
  return hub_.ask({.path = "/v1/logout/login", .body = "logout_token=" + token, .headers = {{"content-type", type}}});
}

void Logins::logouts() {
  const std::string session = honest("to be logged out");
  const std::string whose = R"({"sub": "cust-7")";
  const std::string past = std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count() -
      3600);
  for (const std::string& wrong :
       {std::string(R"("key": "strange")"), std::string(R"("typ": "")"), std::string(R"("typ": "JWT")"),
        std::string(R"("typ": "at+jwt")"), std::string(R"("claims": {"nonce": "n"})"),
        std::string(R"("claims": {"events": null})"), std::string(R"("claims": {"events": {}})"),
        std::string(R"("claims": {"events": {"http://schemas.openid.net/event/other": {}}})"),
        std::string(R"("claims": {"events": ["http://schemas.openid.net/event/backchannel-logout"]})"),
        std::string(R"("claims": {"iss": "https://evil.example"})"), std::string(R"("claims": {"aud": "another"})"),
        std::string(R"("claims": {"aud": null})"), std::string(R"("claims": {"jti": null})"),
        std::string(R"("claims": {"iat": null})"), std::string(R"("claims": {"exp": null})"),
        std::string(R"("claims": {"sub": null})"), R"("claims": {"iat": )" + past + "}",
        R"("claims": {"exp": )" + past + "}"}) {
    const Answer answer = log_out(provider_.logout_token(whose + ", " + wrong + "}"));
    showing_.holds(answer.status == 400 && answer.json().text("/error") == "invalid_request",
                   wrong + ": " + answer.body);
    showing_.count("refused");
  }
  const std::string good = provider_.logout_token(whose + "}");
  showing_.holds(log_out(good, "application/json").status == 400, "a logout that is no form");
  showing_.holds(log_out(good + "&logout_token=" + good).status == 400, "two logout tokens");
  showing_.holds(log_out("").status == 400, "no logout token");
  showing_.holds(is_alive(session), "a logout token that was none ended a session");
  showing_.holds(log_out(good).status == 200 && !is_alive(session), "an honest logout");
  const std::string next = honest("after the logout");
  showing_.holds(log_out(good).status == 400 && is_alive(next), "a logout token was taken twice");
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "C8", [](Showing& showing) {
    if (const auto why = OidcProvider::missing(); !why.empty()) {
      showing.skip(why);
      return std::string("no provider");
    }
    Logins logins(showing);
    logins.metadata();
    logins.tokens();
    logins.callbacks();
    logins.logouts();
    return std::to_string(showing.counted("refused")) + " ways to be no login or logout refused, " +
           std::to_string(showing.counted("honest")) + " honest logins taken";
  });
}
