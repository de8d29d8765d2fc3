// H5: bombs, thrown at the agents' listener by clients and at the hub by a system that it asks: each is answered or
// cut, and costs the hub next to nothing.
#include "tests/reliability/edge/answers.hpp"
#include "tests/reliability/edge/bombs.hpp"
#include "tests/reliability/edge/probes.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <cmath>

namespace plugboard::test {

namespace {

constexpr double kCpuMs = 50, kMemoryMb = 10;
constexpr int kWarmUps = 2, kRepeats = 5;
constexpr std::chrono::seconds kPatienceHere{20};

class Bombing {
 public:
  explicit Bombing(Showing& showing)
      : showing_(showing), squeezed_(squeeze()),
        hub_(HubConfig().add("evil", rest_connector(evil_.port(), "{\"one\": " + rest_section("/one") + "}",
                                                    R"("timeout_ms": 2000, )"))) {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    session_ = hub_.session();
  }

  std::string run() {
    for (const auto& bomb : request_bombs(squeezed_, kDesk))
      suffer("request, " + bomb.name, [&] { throw_request(bomb); });
    for (const auto& bomb : answer_bombs(squeezed_)) {
      evil_.on("/one", UpstreamReply{.raw = bomb.bytes, .again = bomb.again, .times = bomb.times, .close = true});
      suffer("answer, " + bomb.name, [&] { throw_answer(bomb); });
    }
    showing_.holds(hub_.log_faults().empty(), "the log: " + hub_.log_faults());
    hub_.stop();
    return std::to_string(showing_.counted("bombs")) + " bombs, the dearest " + std::to_string(std::lround(most_cpu_)) +
           " ms of CPU (" + dearest_ + "), memory at most " + std::to_string(std::lround(most_memory_)) + " MB more";
  }

 private:
  template <class Throw>
  void suffer(const std::string& name, Throw throw_it) {
    for (int i = 0; i < kWarmUps; ++i) throw_it();
    const auto before = cost_of(hub_.process().pid());
    for (int i = 0; i < kRepeats; ++i) throw_it();
    const auto after = cost_of(hub_.process().pid());
    const auto cpu = (after.cpu_ms - before.cpu_ms) / kRepeats, memory = after.memory_mb - before.memory_mb;
    showing_.holds(cpu <= kCpuMs, name + ": " + std::to_string(cpu) + " ms of CPU");
    showing_.holds(memory <= kMemoryMb, name + ": " + std::to_string(memory) + " MB more");
    showing_.holds(hub_.get("/healthz").status == 200, name + ": the hub does not serve any more");
    showing_.count("bombs");
    most_memory_ = std::max(most_memory_, memory);
    if (cpu > most_cpu_) {
      most_cpu_ = cpu;
      dearest_ = name;
    }
  }

  void throw_request(const Bomb& bomb) {
    std::vector<std::string> pieces{bomb.bytes};
    pieces.insert(pieces.end(), bomb.times, bomb.again);
    const auto seen = exchange(hub_.port(), pieces, kPatienceHere, true);
    for (const auto& answer : seen.answers)
      showing_.holds((answer.status >= 400 && answer.status < 500) || answer.status == 501,
                     "request, " + bomb.name + ": answered " + std::to_string(answer.status));
    showing_.count(seen.answers.empty() ? "cut" : "answered");
  }

  void throw_answer(const Bomb& bomb) {
    const auto context = hub_.context(session_, R"(, "deadline_ms": 10000)");
    const auto status = context.text("/sections/evil.one/status");
    showing_.holds(status == "error" || status == "unavailable" || status == "invalid" || status == "timeout" ||
                       (status == "ok" && bomb.is_json),
                   "answer, " + bomb.name + ": the section is " + status);
    showing_.count("section " + status);
  }

  Showing& showing_;
  const Squeezed squeezed_;
  Upstream evil_;
  HubProcess hub_;
  std::string session_, dearest_;
  double most_cpu_ = 0, most_memory_ = 0;
};

std::string show(Showing& showing) {
  return Bombing(showing).run();
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "H5", plugboard::test::show);
}
