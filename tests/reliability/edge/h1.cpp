// H1: one reading of every request, or none. A table of cases, and requests mutated at random, each with another
// request right behind it: straight to the hub, and through proxies that share their connections to it among clients.
#include "tests/reliability/edge/answers.hpp"
#include "tests/reliability/edge/framing_cases.hpp"
#include "tests/reliability/edge/framing_mutations.hpp"
#include "tests/reliability/edge/proxies.hpp"
#include "tests/reliability/edge/tap.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"

#include <algorithm>
#include <future>

namespace plugboard::test {

namespace {

constexpr std::chrono::seconds kPatienceHere{20};
constexpr std::size_t kMutants = 134, kManyMutants = 1768;
constexpr const char* kLast = "Connection: close\r\n"; // so that the connection's end says that nothing more comes

struct Attack {
  std::string name, bytes, mark, smuggled;
};

bool is_refusal(int status) {
  return status == 400 || status == 413 || status == 417 || status == 431 || status == 501 || status == 505;
}

std::string mark(const char* kind, std::size_t number) {
  return std::string(kind) + std::to_string(number) + "x";
}

void expect_case(Showing& showing, const FramingCase& one, int port) {
  const auto canary = mark("canary", 0);
  const auto seen = exchange(port, {one.bytes + marked_request(canary, kLast)}, kPatienceHere);
  std::vector<int> statuses;
  for (const auto& answer : seen.answers) statuses.push_back(answer.status);
  auto wanted = one.statuses;
  if (one.canary_answered) wanted.push_back(400);
  const bool right = statuses == wanted && seen.ended && seen.rest.empty() && !statuses.empty() &&
                     seen.answers.back().closes && is_marked(seen.answers.back(), canary) == one.canary_answered;
  showing.holds(right, "case " + one.name + ": " + seen.summary());
  showing.count("cases");
}

void expect_mutant(Showing& showing, const Mutant& mutant, const Attack& attack, int port) {
  const auto canary = attack.mark + "canary";
  const auto whole = attack.bytes + marked_request(canary, kLast);
  const bool in_pieces = showing.random() % 2;
  const auto seen =
      exchange(port, in_pieces ? cut_at_random(showing.random, whole) : std::vector{whole}, kPatienceHere);
  const auto& answers = seen.answers;
  bool right = seen.ended && seen.rest.empty() && answers.size() == (mutant.taken ? 2 : 1);
  if (right && mutant.taken) {
    const bool its_own =
        attack.bytes.find("\"" + attack.mark + "\"") == std::string::npos || is_marked(answers[0], attack.mark);
    right = its_own && !answers[0].closes && !is_marked(answers[0], canary) && is_marked(answers[1], canary);
  } else if (right) {
    right = is_refusal(answers[0].status) && answers[0].closes && !is_marked(answers[0], canary);
  }
  showing.holds(right, attack.name + (mutant.taken ? " is to be taken: " : " is to be refused: ") + seen.summary());
  showing.count(mutant.taken ? "mutants taken" : "mutants refused");
}

// The hub's answers to what one proxy passed on, in front of one tap.
class Arm {
 public:
  Arm(std::string name, int hub_port) : tap(hub_port), name_(std::move(name)) {}

  // The attack with a canary behind it, then a canary of another client, who gets its own answer whatever became of the
  // first two.
  void suffer(Showing& showing, const Attack& attack) {
    const auto behind = attack.mark + "behind", other = attack.mark + "other";
    const auto seen = exchange(port, {attack.bytes + marked_request(behind, kLast)}, kPatienceHere);
    std::size_t place = 0, at = 0;
    for (const auto& answer : seen.answers) {
      ++place;
      if (is_marked(answer, behind)) at = place;
      showing.holds(!is_marked(answer, attack.smuggled), told(attack) + "the smuggled request was answered");
    }
    showing.holds(at == 0 || at == seen.answers.size(),
                  told(attack) + "the canary has another's answer: " + seen.summary());
    showing.count(at ? "passed with their canary" : "stopped or refused");
    AnswersSeen next;
    for (int i = 0; i < 3 && (next.answers.empty() || next.answers[0].status >= 502); ++i)
      next = exchange(port, {marked_request(other, kLast)}, kPatienceHere);
    showing.holds(next.answers.size() == 1 && is_marked(next.answers[0], other),
                  told(attack) + "another client's canary: " + next.summary());
  }

  // The proxy marks what it passes on; the hub must have answered just as often, and nothing that was smuggled.
  void settle(Showing& showing, const std::string& token) {
    for (const auto& connection : tap.connections()) {
      std::int64_t passed = 0;
      for (auto at = connection.asked.find(token); at != std::string::npos; at = connection.asked.find(token, at + 1))
        ++passed;
      auto left = connection.answered;
      const auto answers = take_answers(left);
      const auto answered = static_cast<std::int64_t>(answers.size());
      // one more is passed on when its client goes away in the middle of it
      showing.holds(left.empty() && answered <= passed && passed <= answered + 1,
                    name_ + ": passed on " + std::to_string(passed) + " requests, the hub answered " +
                        std::to_string(answered) + ", " + std::to_string(left.size()) + " bytes are no answer");
      const bool refused_last = std::all_of(answers.begin(), answers.empty() ? answers.end() : answers.end() - 1,
                                            [](const auto& answer) { return !answer.closes; });
      showing.holds(refused_last, name_ + ": the hub answered after it had refused");
      showing.count("passed on by proxies", passed);
    }
    showing.holds(showing.counted("passed on by proxies") > 0, name_ + " passed nothing on");
  }

  Tap tap;
  int port = 0; // of the proxy

 private:
  std::string told(const Attack& attack) const { return name_ + ", " + attack.name + ": "; }

  std::string name_;
};

void behind(Showing& showing, Proxy::Kind kind, const std::string& name, int hub_port,
            const std::vector<Attack>& attacks) {
  const auto token = "passed-" + std::to_string(showing.seed) + "-by-" + name;
  Arm strict(name, hub_port), lenient("lenient " + name, hub_port);
  const auto proxy = Proxy::start(kind, {strict.tap.port(), lenient.tap.port()}, token);
  strict.port = proxy->ports().strict;
  lenient.port = proxy->ports().lenient;
  const auto suffer_all = [&](Arm& arm) {
    for (const auto& attack : attacks) arm.suffer(showing, attack);
  };
  auto beside = std::async(std::launch::async, [&] { suffer_all(lenient); });
  suffer_all(strict);
  beside.get();
  strict.settle(showing, token);
  lenient.settle(showing, token);
}

std::string show(Showing& showing) {
  HubProcess hub{HubConfig()};
  if (!hub.start()) throw std::runtime_error("the hub does not start: " + hub.raw_log());
  std::vector<Attack> attacks;
  for (const auto& one : framing_cases(FRAMING_CASES)) {
    expect_case(showing, one, hub.port());
    const auto number = attacks.size();
    attacks.push_back({one.name, one.bytes, mark("m", number), "smuggled"});
  }
  for (std::size_t i = showing.full ? kManyMutants : kMutants; i > 0; --i) {
    const auto number = attacks.size();
    Attack attack{{}, {}, mark("m", number), mark("s", number)};
    const auto mutant = make_mutant(showing.random, attack.mark, attack.smuggled);
    attack.name = "mutant " + std::to_string(number) + " (" + mutant.what + ")";
    attack.bytes = mutant.bytes;
    expect_mutant(showing, mutant, attack, hub.port());
    attacks.push_back(std::move(attack));
  }
  auto beside =
      std::async(std::launch::async, [&] { behind(showing, Proxy::Kind::haproxy, "HAProxy", hub.port(), attacks); });
  behind(showing, Proxy::Kind::nginx, "nginx", hub.port(), attacks);
  beside.get();
  showing.holds(hub.get("/healthz").status == 200, "the hub does not serve any more");
  showing.holds(hub.log_faults().empty(), "the log: " + hub.log_faults());
  hub.stop();
  return std::to_string(showing.counted("cases")) + " cases and " +
         std::to_string(showing.counted("mutants taken") + showing.counted("mutants refused")) +
         " mutants as they must be, " + std::to_string(showing.counted("passed on by proxies")) +
         " requests through proxies, 0 desyncs";
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "H1", plugboard::test::show);
}
