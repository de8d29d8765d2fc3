// C6: a token that proves nothing is refused, and costs next to nothing. Project Wycheproof's vectors through the
// plugin's own verifier, where they are at hand, and vectors of our own of each class; then every forgery that is
// known, through the verifier and through a hub whose plugin runs in a worker. What is refused takes no more than five
// milliseconds of a processor, no worker ends over it, nothing is fetched, and good tokens are taken all the while.
#include "plugins/jwt/test/wycheproof.hpp"
#include "tests/reliability/login/forgeries.hpp"
#include "tests/reliability/login/own_vectors.hpp"
#include "tests/reliability/login/processor_time.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/jwt.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <stdexcept>

namespace plugboard::test {

namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds kMostTime = std::chrono::milliseconds(5);
constexpr int kTries = 3; // the quickest counts: what the machine does between two looks at a clock is not ours

std::string milliseconds(nanoseconds time) {
  auto text = std::to_string(std::chrono::duration<double, std::milli>(time).count());
  return text.substr(0, text.find('.') + 3) + " ms";
}

class Forged {
 public:
  explicit Forged(Showing& showing)
      : showing_(showing), tokens_(forged_tokens(unix_now(), attacker())), good_(good_tokens(unix_now())) {}

  std::string through_the_verifier();
  std::string through_a_hub();

 private:
  std::string attacker() const { return "http://127.0.0.1:" + std::to_string(attacker_.port()); }

  static HubConfig configuration();
  Answer send(HubProcess& hub, const std::string& token);
  bool refused(const Answer& answer, const Token& token);
  void all_good_are_taken(HubProcess& hub);

  Upstream attacker_;
  Showing& showing_;
  const std::vector<Token> tokens_, good_;
};

std::string Forged::through_the_verifier() {
  const auto verdict = shop_verdict(unix_now());
  for (const auto& token : good_)
    showing_.holds(verdict(token.text).empty(), "a good token was refused: " + token.name);
  nanoseconds slowest{0};
  for (const auto& token : tokens_) {
    nanoseconds quickest = nanoseconds::max();
    for (int i = 0; i < kTries; ++i) {
      const auto before = time_of_this_thread();
      const auto said = verdict(token.text);
      quickest = std::min(quickest, time_of_this_thread() - before);
      showing_.holds(said == "rejected", "the verifier took, or failed over, " + token.name + ": " + said);
    }
    showing_.holds(quickest <= kMostTime, "the verifier needed " + milliseconds(quickest) + " for: " + token.name);
    slowest = std::max(slowest, quickest);
    showing_.count("forgeries");
  }
  return std::to_string(tokens_.size()) + " forgeries refused by the verifier in at most " + milliseconds(slowest);
}

HubConfig Forged::configuration() {
  HubConfig config;
  config.login = R"({"plugin": "jwt", "isolation": "worker", "config": {"issuers": [
      {"issuer": "https://login.shop.example", "audience": ["support", "desk"], "jwks": "login.jwks"},
      {"issuer": "chat.shop.example", "audience": "support", "hs256": {"env": "WIDGET_KEY"}}]},
      "grants": {"files": ["ro:login.jwks"]}})";
  config.environment["WIDGET_KEY"] = kWidgetSecret;
  return config;
}

Answer Forged::send(HubProcess& hub, const std::string& token) {
  return hub.post("/v1/sessions", R"({"connector": "login", "credential": {"token": )" + json_string(token) + "}}");
}

// By the plugin, or by the hub itself when it is too much.
bool Forged::refused(const Answer& answer, const Token& token) {
  return (answer.status == 403 && answer.problem() == "credential-rejected") ||
         (answer.status == 413 && token.text.size() > 16 * 1024);
}

void Forged::all_good_are_taken(HubProcess& hub) {
  for (const auto& token : good_) {
    const auto answer = send(hub, token.text);
    showing_.holds(answer.status == 201, "the hub refused a good token, " + token.name + ": " + answer.body);
  }
}

std::string Forged::through_a_hub() {
  HubProcess hub(configuration());
  hub.folder().write("login.jwks", login_keys());
  for (const auto& token : good_) hub.keep_secret(token.text);
  if (!hub.start()) throw std::runtime_error("the hub did not start: " + hub.raw_log());
  all_good_are_taken(hub);
  const auto worker = static_cast<pid_t>(hub.admin("/admin/v1/connectors").json().integer("/connectors/0/worker/pid"));
  const auto used = [&] { return time_of(hub.process().pid()) + time_of(worker); };
  nanoseconds slowest{0};
  for (const auto& token : tokens_) {
    nanoseconds quickest = nanoseconds::max();
    for (int i = 0; i < kTries && (i == 0 || quickest > kMostTime); ++i) {
      const auto before = used();
      const auto answer = send(hub, token.text);
      quickest = std::min(quickest, used() - before);
      showing_.holds(refused(answer, token),
                     "the hub answered " + std::to_string(answer.status) + " to: " + token.name);
    }
    showing_.holds(quickest <= kMostTime, "hub and worker needed " + milliseconds(quickest) + " for: " + token.name);
    slowest = std::max(slowest, quickest);
  }
  all_good_are_taken(hub);
  const auto connectors = hub.admin("/admin/v1/connectors").json();
  showing_.holds(connectors.integer("/connectors/0/worker/starts") == 1, "the worker ended over a token");
  showing_.holds(attacker_.connections() == 0, "a key was fetched from where a token said");
  showing_.holds(hub.log_faults().empty(), "the log: " + hub.log_faults());
  showing_.holds(hub.stop() == 0, "the hub did not end well");
  return "by hub and worker in at most " + milliseconds(slowest);
}

std::string vectors(Showing& showing) {
  int checked = 0, accepted = 0, waived = 0;
  std::string absent;
  for (const auto& file : jwt::test::vector_files()) {
    const auto seen = jwt::test::check_vectors(file);
    if (!seen) {
      absent += (absent.empty() ? "" : ", ") + std::string(file.name);
      continue;
    }
    for (const auto& wrong : seen->wrong) showing.fail(wrong);
    showing.holds(seen->accepted > 0 && seen->accepted < seen->checked, std::string(file.name) + " shows nothing");
    checked += seen->checked;
    accepted += seen->accepted;
    waived += seen->waived;
  }
  if (!absent.empty())
    showing.skip("Wycheproof's vectors that are not here (" + absent + "): of their classes only vectors of our own");
  const auto reasons = jwt::test::waivers().size();
  showing.holds(reasons <= 5, "more than five waivers");
  showing.count("Wycheproof's vectors", checked);
  if (checked == 0) return "";
  return std::to_string(checked) + " of Wycheproof's vectors without a wrong verdict (" + std::to_string(accepted) +
         " good), " + std::to_string(waived) + " waived for " + std::to_string(reasons) + " reasons, ";
}

std::string vectors_of_our_own(Showing& showing) {
  const auto verdicts = own_verdicts();
  for (const auto& each : verdicts)
    showing.holds(each.accepted == each.good, each.what + " was " + (each.accepted ? "accepted" : "refused"));
  return std::to_string(verdicts.size()) + " of our own, ";
}

std::string show(Showing& showing) {
  auto seen = vectors(showing) + vectors_of_our_own(showing);
  Forged forged(showing);
  seen += forged.through_the_verifier() + ", ";
  return seen + forged.through_a_hub();
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "C6", plugboard::test::show);
}
