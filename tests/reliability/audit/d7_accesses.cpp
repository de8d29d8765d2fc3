// D7: 10,000 looks at a hundred customers by several clients, for several purposes, of several sections, some of which
// fail; what clients were given stands in a ledger of this program's own. Each customer's report says the same.
#include "tests/reliability/audit/audited_hub.hpp"
#include "tests/reliability/promise.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace plugboard::test {
namespace {

constexpr int kCustomers = 100, kThreads = 4;

struct Look {
  std::string client, actor, purpose;
  std::set<std::string> sections; // that came with data

  std::string words() const {
    auto text = client + "|" + actor + "|" + purpose;
    for (const auto& section : sections) text += "|" + section;
    return text;
  }
};

class Looks {
 public:
  explicit Looks(Showing& showing) : showing_(showing), hub_(audited_hub(upstream_, R"("audit": {"segment_mb": 1},)")) {
    upstream_.on("/orders", [](const UpstreamRequest& request) {
      const bool fails = request.target.find("1-7") != std::string::npos || request.target.ends_with("3");
      return fails ? UpstreamReply{.status = 500} : UpstreamReply{.body = R"({"known": true})"};
    });
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
  }

  std::string run(int looks) {
    for (int c = 0; c < kCustomers; ++c) {
      const Customer customer{.subject = "u-" + std::to_string(c), .customer_id = "id-1-" + std::to_string(c)};
      sessions_.push_back({hub_.session(customer, kDesk), hub_.session(customer, kBot)});
    }
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t)
      threads.emplace_back([this, looks, seed = showing_.random()] { look(looks / kThreads, seed); });
    for (auto& thread : threads) thread.join();
    showing_.count("looks", taken_);
    for (const auto& [customer, ledger] : ledger_) reconcile(customer, ledger);
    const auto strangers =
        plugboard_says({"--admin", hub_.admin_socket(), "audit", "accesses", "--customer", "cus_nobody", "--json"});
    showing_.holds(Json::parse(strangers.out).size("/accesses") == 0, "somebody looked at nobody");
    showing_.holds(hub_.stop() == 0, "the hub did not stop well");
    const auto verified = plugboard_says({"audit", "verify", "--folder", hub_.folder() / "var/audit"});
    showing_.holds(verified.code == 0, "the trail does not hold: " + verified.err);
    return std::to_string(showing_.counted("looks")) + " looks at " + std::to_string(ledger_.size()) + " customers, " +
           std::to_string(showing_.counted("reported")) + " reported, each as the client saw it";
  }

 private:
  struct Tokens {
    std::string desk, bot;
  };

  void look(int times, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    auto connection = Connection::tcp(hub_.port());
    if (!connection) return showing_.fail("no connection");
    for (int i = 0; i < times; ++i) {
      const auto& tokens = sessions_[random() % kCustomers];
      const bool is_desk = random() % 3 != 0;
      Look look{is_desk ? "desk" : "bot",
                random() % 2 == 0 ? "agent-" + std::to_string(random() % 5) : "",
                random() % 2 == 0 ? "sales" : "support",
                {}};
      std::string body =
          R"({"session": ")" + (is_desk ? tokens.desk : tokens.bot) + R"(", "purpose": ")" + look.purpose + "\"";
      if (!look.actor.empty()) body += R"(, "actor": ")" + look.actor + "\"";
      if (random() % 3 == 0) body += R"(, "sections": ["shop.orders", "canary.*"])";
      const auto answer = connection->ask({.path = "/v1/context", .key = is_desk ? kDesk : kBot, .body = body + "}"});
      if (!showing_.holds(answer.status == 200, "a look was answered " + answer.body)) continue;
      note(answer.json(), std::move(look));
    }
  }

  void note(const Json& context, Look look) {
    for (const auto& section : context.names("/sections"))
      if (context.text("/sections/" + section + "/status") == "ok") look.sections.insert(section);
    const std::lock_guard lock(mutex_);
    ledger_[context.text("/customer/id")][context.text("/context_id")] = std::move(look);
    ++taken_;
  }

  void reconcile(const std::string& customer, const std::map<std::string, Look>& ledger) {
    const auto told =
        plugboard_says({"--admin", hub_.admin_socket(), "audit", "accesses", "--customer", customer, "--json"});
    if (!showing_.holds(told.code == 0, "no report: " + told.err)) return;
    const auto report = Json::parse(told.out);
    std::map<std::string, Look> reported;
    for (std::size_t i = 0; i < report.size("/accesses"); ++i) {
      const auto at = "/accesses/" + std::to_string(i);
      if (!report.has(at + "/context")) continue; // an introspection
      Look look{report.text(at + "/client"),
                report.has(at + "/actor") ? report.text(at + "/actor") : "",
                report.text(at + "/purpose"),
                {}};
      for (const auto& section : report.names(at + "/sections")) look.sections.insert(section);
      showing_.holds(report.truth(at + "/certain"), "an access that was answered is uncertain");
      showing_.holds(reported.emplace(report.text(at + "/context"), look).second, "an access stands twice");
    }
    showing_.count("reported", static_cast<std::int64_t>(reported.size()));
    showing_.holds(reported.size() == ledger.size(), customer + ": " + std::to_string(ledger.size()) + " looks, " +
                                                         std::to_string(reported.size()) + " reported");
    for (const auto& [context, look] : ledger) {
      const auto found = reported.find(context);
      if (!showing_.holds(found != reported.end(), "a look is not in the report: " + look.words())) continue;
      showing_.holds(found->second.words() == look.words(),
                     "seen " + look.words() + ", reported " + found->second.words());
    }
  }

  Showing& showing_;
  Upstream upstream_;
  HubProcess hub_;
  std::vector<Tokens> sessions_;
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, Look>> ledger_; // by customer, by context
  std::int64_t taken_ = 0;
};

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "D7",
                      [](Showing& showing) { return Looks(showing).run(showing.full ? 100'000 : 10'000); });
}
