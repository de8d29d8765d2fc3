#include "tests/bench/load.hpp"

#include <sys/prctl.h>

#include <algorithm>

namespace plugboard::bench {

class Load::Line final : public Wire {
 public:
  Line(Load& load) : Wire(load.loop_, connected(load.limits_.port)), load_(load) {}

  void ask(const Ask& ask, Nanoseconds meant) {
    tag_ = ask.tag;
    meant_ = meant;
    busy_ = true;
    send(ask.bytes);
    if (ask.manner == Ask::Manner::leaves) load_.lost(*this);
  }

 private:
  void message(const Message& answer) override {
    busy_ = false;
    load_.caller_.answered(tag_, answer, now() - meant_);
    if (field(answer.head, "connection") == "close") return load_.lost(*this);
    load_.idle_.push_back(this);
    load_.send_what_is_due();
  }

  void ended() override {
    if (busy_) load_.caller_.unanswered(tag_);
    load_.lost(*this);
  }

  Load& load_;
  std::uint64_t tag_ = 0;
  Nanoseconds meant_{};
  bool busy_ = false;
};

Load::Load(Loop& loop, const LoadLimits& limits, Caller& caller)
    : loop_(loop), limits_(limits), caller_(caller), random_(limits.seed), next_(now()) {
  ::prctl(PR_SET_TIMERSLACK, 1);
}

Load::~Load() {
  for (auto* line : lines_) loop_.release(*line);
}

void Load::lost(Line& line) {
  std::erase(lines_, &line);
  std::erase(idle_, &line);
  loop_.release(line);
}

void Load::open() {
  while (lines_.size() < limits_.connections) open_one();
}

void Load::open_one() {
  auto line = std::make_unique<Line>(*this);
  lines_.push_back(line.get());
  idle_.push_back(line.get());
  loop_.add(std::move(line));
}

void Load::send(Nanoseconds meant) {
  if (idle_.empty()) open_one();
  auto& line = limits_.in_turns ? *idle_.front() : *idle_.back();
  limits_.in_turns ? idle_.pop_front() : idle_.pop_back();
  line.ask(caller_.next(), meant);
}

void Load::send_what_is_due() {
  if (finishing_) return;
  const auto time = now();
  const auto free = [this] { return !idle_.empty() || lines_.size() < limits_.connections; };
  if (limits_.rate == 0) {
    while (free()) send(time);
    return;
  }
  std::exponential_distribution<double> gap(limits_.rate / 1e9);
  for (; next_ <= time; next_ += Nanoseconds(static_cast<std::int64_t>(gap(random_)))) {
    own.all.push_back(time - next_);
    due_.push_back(next_);
  }
  while (!due_.empty() && free()) {
    const auto meant = due_.front();
    due_.pop_front();
    send(meant);
  }
}

void Load::run(Nanoseconds time) {
  const auto end = now() + time;
  next_ = std::max(next_, now());
  for (auto at = now(); at < end; at = now()) {
    send_what_is_due();
    const auto until = limits_.rate == 0 ? end : std::min(end, next_);
    loop_.turn(std::max(Nanoseconds::zero(), until - now()));
  }
}

void Load::finish(Nanoseconds patience) {
  const auto end = now() + patience;
  finishing_ = true;
  for (auto at = now(); at < end && idle_.size() < lines_.size(); at = now()) loop_.turn(end - at);
  finishing_ = false;
}

double Latencies::microseconds(double percentile) {
  if (all.empty()) return 0;
  std::sort(all.begin(), all.end());
  const auto rank = static_cast<std::size_t>(percentile / 100 * static_cast<double>(all.size()));
  return std::chrono::duration<double, std::micro>(all[std::min(rank, all.size() - 1)]).count();
}

std::string post(std::string_view path, std::string_view key, std::string_view body) {
  std::string bytes = "POST ";
  bytes.append(path).append(" HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ").append(key);
  bytes.append("\r\nContent-Type: application/json\r\nContent-Length: ").append(std::to_string(body.size()));
  return bytes.append("\r\n\r\n").append(body);
}

std::string get(std::string_view path, std::string_view key) {
  std::string bytes = "GET ";
  return bytes.append(path).append(" HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ").append(key).append("\r\n\r\n");
}

} // namespace plugboard::bench
