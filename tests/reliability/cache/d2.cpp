// D2: what differs in anything that a connector saw never has one answer, and each reader of one answer sees of it what
// policy gives him alone. 10⁵ pairs on the parts themselves, then a real hub.
#include "core/context/kept_answers.hpp"
#include "tests/reliability/cache/shared_answers.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/unit/context/asked_things.hpp"

#include <atomic>
#include <set>

namespace plugboard::test {
namespace {

using context::AnswerKey;
using context::KeptAnswer;
using context::KeptAnswers;
using context::testing::different_pair;
using context::testing::source_of;

class Pairs {
 public:
  explicit Pairs(Showing& showing) : showing_(showing), random_(showing.seed), seed_(random_.next()) {}

  void run(int pairs) {
    for (int i = 0; i < pairs; ++i) {
      const auto [a, b, how] = different_pair(random_);
      const auto of_a = source_of(a, metrics_, seed_), of_b = source_of(b, metrics_, seed_);
      const auto first = a.question(of_a), second = b.question(of_b);
      const auto hash = context::hash_of(first, seed_);
      showing_.holds(!(AnswerKey(first) == AnswerKey(second)), "two keys are one: " + how);
      if (hash == context::hash_of(second, seed_)) showing_.count("collisions of the hash");
      keep(hash, first);
      showing_.holds(kept_.find(hash, first, 1) != nullptr, "an answer is not found: " + how);
      showing_.holds(kept_.find(hash, second, 1) == nullptr,
                     "another's answer is found: " + how); // and as if it collided
      showing_.holds(kept_.find(context::hash_of(second, seed_), second, 1) == nullptr, "a hit that is none: " + how);
      kept_.drop(hash, first);
      showing_.count("pairs");
    }
  }

 private:
  void keep(std::uint64_t hash, const context::Question& question) {
    KeptAnswer answer;
    answer.outcome.data = "{}";
    answer.keep_until = Instant::max();
    kept_.keep(hash, AnswerKey(question), std::move(answer), {1});
  }

  Showing& showing_;
  SeededRandom random_;
  const std::uint64_t seed_;
  Metrics metrics_;
  KeptAnswers kept_{std::size_t{64} << 20};
};

class Readers {
 public:
  explicit Readers(Showing& showing)
      : showing_(showing), hub_(shared_hub(upstream_.port(), R"("cache_ttl_ms": 600000, )")) {
    upstream_.on("/profile", [this](const UpstreamRequest& request) { return profile_reply(request, ++calls_); });
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
  }

  void run(int customers) {
    for (int c = 0; c < customers; ++c) one(std::to_string(1000 + c));
    hub_.stop();
  }

 private:
  // Each of these is told to the connector: each has an answer of its own, which is kept.
  void one(const std::string& id) {
    const Customer customer{.subject = "u-" + id, .customer_id = id};
    const auto desk = hub_.session(customer, kDesk), teller = hub_.session(customer, kTeller);
    std::set<std::string> answers;
    const std::string asked[] = {"",
                                 R"(, "purpose": "sales")",
                                 R"(, "actor": "agent-1")",
                                 R"(, "actor": "agent-2")",
                                 R"(, "language": "sv")",
                                 R"(, "language": "sv-SE")",
                                 R"(, "sections": [{"name": "shop.profile", "params": {"limit": 1}}])",
                                 R"(, "sections": [{"name": "shop.profile", "params": {"limit": "1"}}])"};
    for (const auto& more : asked) {
      const bool teller_first = showing_.random() % 2 == 0;
      const auto early = teller_first ? seen(hub_.context(teller, more, kTeller)) : "";
      const auto full = seen(hub_.context(desk, more)), again = seen(hub_.context(desk, more));
      const auto late = seen(hub_.context(teller, more, kTeller));
      const auto own = std::to_string(calls_) + "/" + id + "/secret of " + id;
      showing_.holds(full == own, "desk was given " + full + " instead of " + own);
      showing_.holds(again == full, "desk was given " + again + " after " + full);
      showing_.holds(late == id && (!teller_first || early == id), "the teller was given " + early + ", then " + late);
      answers.insert(full);
      showing_.count("readings", teller_first ? 4 : 3);
    }
    showing_.holds(answers.size() == std::size(asked), "two questions had one answer");
    showing_.count("calls", static_cast<std::int64_t>(std::size(asked)));
    showing_.holds(calls_ == showing_.counted("calls"), "the system was asked " + std::to_string(calls_) + " times");
  }

  Showing& showing_;
  Upstream upstream_;
  std::atomic<int> calls_ = 0;
  HubProcess hub_;
};

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "D2", [](Showing& showing) {
    Pairs(showing).run(showing.full ? 1'000'000 : 100'000);
    Readers(showing).run(showing.full ? 500 : 50);
    return std::to_string(showing.counted("pairs")) + " pairs, 0 met; " + std::to_string(showing.counted("readings")) +
           " readings of " + std::to_string(showing.counted("calls")) + " answers, each as policy gives it";
  });
}
