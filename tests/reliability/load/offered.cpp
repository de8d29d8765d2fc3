#include "tests/reliability/load/offered.hpp"

#include <chrono>

namespace plugboard::test {
namespace {

constexpr std::chrono::seconds kPatience{3}; // for the last answers

class Agents final : public bench::Caller {
 public:
  explicit Agents(const Offer& what) : what_(what) {}

  void use(bench::Load& load) { load_ = &load; }

  Seen seen;

 private:
  bench::Ask next() override {
    const auto tries = again_ > 0 ? 1u : 0u;
    if (again_ > 0) --again_;
    return {what_.requests[turn_++ % what_.requests.size()], tries};
  }

  void answered(std::uint64_t tries, const bench::Message& answer, bench::Nanoseconds took) override {
    const auto status = answer.status();
    if (status == 200 && answer.body.find("\"complete\":true") != std::string_view::npos) {
      seen.good.all.push_back(took);
      return;
    }
    const bool is_refusal = (status == 429 || status == 503) && !bench::field(answer.head, "retry-after").empty();
    if (is_refusal)
      seen.refused.all.push_back(took);
    else if (status == 200)
      ++seen.partial;
    else
      wrong(answer.head);
    if (tries == 0)
      for (int i = 0; i < what_.retries; ++i, ++again_) load_->again();
  }

  void unanswered(std::uint64_t) override { wrong("the connection was closed instead"); }

  void wrong(std::string_view what) {
    if (++seen.wrong == 1) seen.first_wrong = what.substr(0, 200);
  }

  const Offer& what_;
  bench::Load* load_ = nullptr;
  std::size_t turn_ = 0, again_ = 0;
};

} // namespace

void Seen::add(const Seen& other) {
  good.all.insert(good.all.end(), other.good.all.begin(), other.good.all.end());
  own.all.insert(own.all.end(), other.own.all.begin(), other.own.all.end());
  refused.all.insert(refused.all.end(), other.refused.all.begin(), other.refused.all.end());
  partial += other.partial;
  if (wrong == 0) first_wrong = other.first_wrong;
  wrong += other.wrong;
  seconds += other.seconds;
}

double milliseconds(bench::Latencies& latencies, double percentile) {
  return latencies.microseconds(percentile) / 1000;
}

Seen offer(const Offer& what) {
  Agents agents(what);
  bench::Loop loop;
  bench::Load load(loop, {what.port, what.connections, what.rate, what.seed, true}, agents);
  agents.use(load);
  load.open();
  load.run(what.time);
  agents.seen.seconds = std::chrono::duration<double>(what.time).count();
  load.finish(kPatience);
  agents.seen.own = std::move(load.own);
  return std::move(agents.seen);
}

} // namespace plugboard::test
