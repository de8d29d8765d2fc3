#include "tests/reliability/chaos/bystanders.hpp"

#include <algorithm>
#include <csignal>
#include <numeric>
#include <sstream>
#include <utility>

namespace plugboard::test {

namespace {

constexpr std::size_t kAtOnce = 64, kExamples = 5;

std::string name_of(int number) {
  return "s" + std::to_string(number);
}

} // namespace

Bystanders::Bystanders(Isolation isolation)
    : systems_({PLUGBOARD_BENCH_SYSTEMS, "--count", std::to_string(kCount), "--delay-us", "500"}) {
  if (!eventually([this] { return systems_.out().ends_with('\n') || systems_.ended(); }))
    throw std::runtime_error("bench_systems does not start");
  std::istringstream ports(systems_.out());
  int number = 0;
  for (int port = 0; ports >> port;) {
    const auto target = "/" + name_of(++number) + "/orders?customer={customer_id}";
    connectors_.push_back(isolated(rest_connector(port, R"({"orders": {"shape": "orders/v1", "needs": [["customer_id"]],
                                      "echo": {"/customer_id": "customer_id"}, "url": ")" +
                                                            target + R"(", "mapping": "identity"}})"),
                                   isolation));
  }
}

void Bystanders::add_to(HubConfig& config) const {
  for (std::size_t i = 0; i < connectors_.size(); ++i) config.add(name_of(static_cast<int>(i + 1)), connectors_[i]);
}

void Bystanders::hang_up() {
  systems_.send(SIGUSR1);
}

BystanderLoad::BystanderLoad(HubProcess& hub, std::uint64_t seed, double rate)
    : session_(hub.session({.subject = "bystander", .customer_id = "by-1"})), random_(seed),
      order_(Bystanders::kCount) {
  std::iota(order_.begin(), order_.end(), 1);
  thread_ = std::thread([this, port = hub.port(), seed, rate] { run(port, seed, rate); });
}

BystanderLoad::~BystanderLoad() {
  over_ = true;
  thread_.join();
}

void BystanderLoad::run(int port, std::uint64_t seed, double rate) {
  bench::Loop loop;
  bench::Load load(loop, {port, kAtOnce, rate, seed}, *this);
  while (!over_) load.run(std::chrono::milliseconds(50));
}

BystanderLoad::Seen BystanderLoad::take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(seen_, {});
}

bench::Ask BystanderLoad::next() {
  std::string sections;
  for (int i = 0; i < Bystanders::kAsked; ++i) {
    const auto at = static_cast<std::size_t>(i);
    std::swap(order_[at], order_[at + random_() % (order_.size() - at)]);
    sections += (i == 0 ? "\"" : ", \"") + name_of(order_[at]) + ".orders\"";
  }
  return {bench::post("/v1/context", kDesk,
                      R"({"session": ")" + session_ + R"(", "sections": [)" + sections + R"(], "deadline_ms": 5000})"),
          0, bench::Ask::Manner::patient};
}

void BystanderLoad::answered(std::uint64_t, const bench::Message& answer, bench::Nanoseconds took) {
  const auto ok = bench::times(answer.body, "\"status\":\"ok\"");
  const std::lock_guard lock(mutex_);
  seen_.latencies.all.push_back(took);
  ++seen_.contexts;
  seen_.sections += Bystanders::kAsked;
  if (answer.status() == 200 && ok == Bystanders::kAsked) return;
  seen_.not_ok += Bystanders::kAsked - std::min<std::size_t>(ok, Bystanders::kAsked);
  const auto fault = answer.body.find("\"error\":{");
  if (seen_.examples.size() < kExamples)
    seen_.examples.push_back(std::string(answer.first_line) + " … " +
                             std::string(answer.body.substr(std::min(fault, answer.body.size()), 300)));
}

void BystanderLoad::unanswered(std::uint64_t) {
  const std::lock_guard lock(mutex_);
  ++seen_.unanswered;
}

} // namespace plugboard::test
