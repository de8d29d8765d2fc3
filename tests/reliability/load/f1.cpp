// F1: forty systems, of which any number hang: the answer comes by the deadline, with what the others said when they
// said it. How late the machine itself is tells a second hub, asked meanwhile for what never comes.
#include "tests/bench/loop.hpp"
#include "tests/reliability/chaos/deadline_control.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <future>
#include <sstream>

namespace plugboard::test {
namespace {

using std::chrono::milliseconds;

constexpr int kSystems = 40, kAtOnce = 3;
constexpr milliseconds kPromised{50};
constexpr double kFastMs = 5;

struct Asked {
  milliseconds took{};
  double fast_ms = 0; // until the last of those that do not hang
};

// However they hang: what is shown here is what asking them costs.
constexpr std::string_view kAskedOn = R"("breaker": {"enabled": false}, )";

double middle(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

std::unique_ptr<Process> systems() {
  auto process = std::make_unique<Process>(
      std::vector<std::string>{PLUGBOARD_BENCH_SYSTEMS, "--count", std::to_string(kSystems), "--delay-us", "2000"});
  if (!eventually([&] { return process->out().ends_with('\n'); })) throw std::runtime_error("the systems do not start");
  return process;
}

class Scene {
 public:
  explicit Scene(Showing& showing) : showing_(showing), fast_(systems()), hung_(systems()), hub_(config()) {
    upstream_.on("/one", UpstreamReply{.hang = true});
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    session_ = hub_.session();
    for (int i = 0; i < 3; ++i) ask(0, 2000); // connections are made
    hung_->send(SIGSTOP);                     // it takes what is sent, and never says a word
  }

  ~Scene() { hung_->send(SIGCONT); }

  // `hung` of forty, chosen at random.
  void show(int deadline_ms, int hung, int rounds, const DeadlineControl& control) {
    std::vector<double> fast, alone;
    for (int round = 0; round < rounds; ++round) {
      const auto begun = bench::now();
      std::vector<std::future<Asked>> all;
      for (int i = 0; i < kAtOnce; ++i) {
        const auto body = question(hung, deadline_ms);
        all.push_back(std::async(std::launch::async, [this, body, hung] { return ask(body, hung); }));
      }
      for (auto& one : all) {
        const auto seen = one.get();
        const auto late = seen.took - milliseconds(deadline_ms);
        worst_ = std::max(worst_, late);
        const auto slack = control.worst_since(begun);
        showing_.holds(late <= kPromised + slack, "a deadline of " + std::to_string(deadline_ms) + " ms with " +
                                                      std::to_string(hung) + " hung was missed by " +
                                                      std::to_string(late.count()) + " ms, the control's by " +
                                                      std::to_string(slack.count()));
        if (hung < kSystems) fast.push_back(seen.fast_ms);
        showing_.count("contexts");
      }
      if (hung == 0 || hung == kSystems) continue;
      std::vector<std::future<Asked>> others; // the same without those that hang, at the same time of the day
      for (int i = 0; i < kAtOnce; ++i) {
        const auto body = question(0, deadline_ms, kSystems - hung);
        others.push_back(std::async(std::launch::async, [this, body] { return ask(body, 0); }));
      }
      for (auto& one : others) alone.push_back(one.get().fast_ms);
    }
    if (alone.empty()) return;
    const auto more = middle(fast) - middle(alone);
    most_more_ = std::max(most_more_, more);
    char text[160];
    std::snprintf(text, sizeof text, "beside %d hung, those that answer take %.1f ms instead of %.1f", hung,
                  middle(fast), middle(alone));
    showing_.holds(more <= kFastMs, text);
  }

  // One call at a time, which hangs: those behind it, whose deadlines are sooner, are never made.
  void show_queue() {
    const auto ask = [this](int deadline_ms) {
      return std::async(std::launch::async, [this, deadline_ms] {
        const auto body = R"({"session": ")" + session_ + R"(", "sections": ["narrow.one"], "deadline_ms": )";
        return Connection::tcp(hub_.port())
            ->ask({.path = "/v1/context", .key = kDesk, .body = body + std::to_string(deadline_ms) + "}"});
      });
    };
    std::vector<std::future<Answer>> all;
    all.push_back(ask(3000));
    if (!showing_.holds(eventually([&] { return upstream_.requests("/one").size() == 1; }), "nobody was asked")) return;
    for (int i = 0; i < 8; ++i) all.push_back(ask(300));
    for (auto& one : all) showing_.holds(one.get().status == 200, "a context behind one that hangs was not answered");
    showing_.holds(eventually([&] { return !upstream_.is_open(1); }, std::chrono::seconds(5)),
                   "a call that nobody waits for keeps its connection");
    std::this_thread::sleep_for(milliseconds(200));
    const auto asked = upstream_.requests("/one").size();
    showing_.holds(asked == 1, "of nine calls, one at a time, " + std::to_string(asked) + " were made");
  }

  std::string seen() const {
    char text[200];
    std::snprintf(
        text, sizeof text,
        "%lld contexts of 40 with 0 to 40 hung, deadlines of 50, 200 and 800 ms: the latest %lld ms after it; "
        "those that answer at most %.1f ms later",
        static_cast<long long>(showing_.counted("contexts")), static_cast<long long>(worst_.count()),
        std::max(0.0, most_more_));
    return text;
  }

  void stop() { hub_.stop(); }

 private:
  static void add(HubConfig& config, const std::string& prefix, const std::string& ports) {
    std::istringstream stream(ports);
    int port = 0;
    for (int i = 0; stream >> port; ++i)
      config.add(prefix + std::to_string(i),
                 rest_connector(port,
                                R"({"orders": {"shape": "orders/v1", "needs": [["customer_id"]], "url": "/s)" +
                                    std::to_string(i) + R"(/orders?customer={customer_id}", "mapping": "identity"}})",
                                kAskedOn));
  }

  HubConfig config() {
    HubConfig config;
    add(config, "f", fast_->out());
    add(config, "h", hung_->out());
    config.add("narrow", rest_connector(upstream_.port(), R"({"one": )" + rest_section("/one") + "}",
                                        R"("max_concurrency": 1, )" + std::string(kAskedOn)));
    return config;
  }

  std::string question(int hung, int deadline_ms, int whole = kSystems) {
    std::vector<int> order(kSystems);
    for (int i = 0; i < kSystems; ++i) order[static_cast<std::size_t>(i)] = i;
    std::shuffle(order.begin(), order.end(), showing_.random);
    std::string sections;
    for (int i = 0; i < whole; ++i)
      sections += std::string(i == 0 ? "\"" : ", \"") + (i < hung ? "h" : "f") +
                  std::to_string(order[static_cast<std::size_t>(i)]) + ".orders\"";
    return R"({"session": ")" + session_ + R"(", "deadline_ms": )" + std::to_string(deadline_ms) +
           R"(, "sections": [)" + sections + "]}";
  }

  Asked ask(int hung, int deadline_ms) { return ask(question(hung, deadline_ms), hung); }

  Asked ask(const std::string& body, int hung) {
    const auto begun = bench::now();
    auto connection = Connection::tcp(hub_.port());
    const auto answer = connection->ask({.path = "/v1/context", .key = kDesk, .body = body});
    Asked asked{std::chrono::duration_cast<milliseconds>(bench::now() - begun)};
    if (!showing_.holds(answer.status == 200, "a context was answered " + std::to_string(answer.status))) return asked;
    const auto context = answer.json();
    int waited_for = 0;
    for (int i = 0; i < kSystems; ++i) {
      const auto number = std::to_string(i);
      if (context.has("/sections/h" + number + ".orders")) {
        const auto at = "/sections/h" + number + ".orders/status";
        waited_for += context.text(at) == "timeout" ? 1 : 0;
      } else if (const auto at = "/sections/f" + number + ".orders"; context.has(at + "/took_ms")) {
        asked.fast_ms = std::max(asked.fast_ms, context.number(at + "/started_ms") + context.number(at + "/took_ms"));
      }
    }
    showing_.holds(waited_for == hung,
                   "of " + std::to_string(hung) + " hung " + std::to_string(waited_for) + " are timeouts");
    return asked;
  }

  Showing& showing_;
  Upstream upstream_;
  std::unique_ptr<Process> fast_, hung_;
  HubProcess hub_;
  std::string session_;
  milliseconds worst_{-1'000'000};
  double most_more_ = 0;
};

std::string show(Showing& showing) {
  DeadlineControl control(200);
  Scene scene(showing);
  for (const int deadline_ms : {50, 200, 800})
    for (const int hung : {0, 1, 7, 20, 39, 40})
      scene.show(deadline_ms, hung, showing.full ? 20 : deadline_ms > 500 ? 2 : 4, control);
  scene.show_queue();
  auto seen = scene.seen();
  scene.stop();
  return seen;
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "F1", plugboard::test::show);
}
