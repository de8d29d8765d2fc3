// bench_load: one measured run against one server; prints its figures as JSON. REQUESTS has lines CUSTOMER<TAB>BODY, or
// CUSTOMER<TAB>PATH where the method is GET; an answer is right when it holds that customer's data as often as
// --sections says.
// cpu_us is what all measured processes took for an answer, first_cpu_us what the first of them did.
// bench_load --port P --key KEY --requests FILE --sections N --connections C --seconds S [--rate R] [--method GET]
// [--measure PID,…]
#include "tests/bench/load.hpp"
#include "tests/bench/process_figures.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unordered_map>

namespace plugboard::bench {
namespace {

using Words = std::unordered_map<std::string, std::string>;

class Asker final : public Caller {
 public:
  Asker(const Words& words, std::size_t sections) : sections_(sections) {
    std::ifstream file(words.at("--requests"));
    for (std::string line; std::getline(file, line);) {
      const auto tab = line.find('\t');
      const auto what = line.substr(tab + 1);
      requests_.push_back({"\"customer_id\":\"" + line.substr(0, tab) + "\"",
                           words.at("--method") == "GET" ? get(what, words.at("--key"))
                                                         : post("/v1/context", words.at("--key"), what)});
    }
    if (requests_.empty()) throw std::runtime_error(words.at("--requests") + " holds no requests");
  }

  void begin() {
    latencies.all.clear();
    wrong = 0;
  }

  Latencies latencies;
  std::size_t wrong = 0;
  std::string first_wrong;

 private:
  struct Prepared {
    std::string mark, bytes;
  };

  Ask next() override {
    const auto tag = turn_++ % requests_.size();
    return {requests_[tag].bytes, tag};
  }

  void answered(std::uint64_t tag, const Message& answer, Nanoseconds took) override {
    latencies.all.push_back(took);
    if (answer.status() == 200 && times(answer.body, requests_[tag].mark) == sections_) return;
    if (++wrong == 1) first_wrong = answer.head.substr(0, 200);
  }

  void unanswered(std::uint64_t) override {
    if (++wrong == 1) first_wrong = "it closed the connection";
  }

  const std::size_t sections_;
  std::vector<Prepared> requests_;
  std::size_t turn_ = 0;
};

Words read(int argc, char** argv) {
  Words words{{"--rate", "0"}, {"--measure", ""}, {"--method", "POST"}};
  for (int i = 1; i + 1 < argc; i += 2) words[argv[i]] = argv[i + 1];
  return words;
}

std::vector<pid_t> processes(const std::string& text) {
  std::vector<pid_t> found;
  std::istringstream stream(text);
  for (std::string one; std::getline(stream, one, ',');) found.push_back(std::stoi(one));
  return found;
}

int measure(const Words& words) {
  Asker asker(words, std::stoul(words.at("--sections")));
  LoadLimits limits;
  limits.port = std::stoi(words.at("--port"));
  limits.connections = std::stoul(words.at("--connections"));
  limits.rate = std::stod(words.at("--rate"));
  const auto time = Nanoseconds(static_cast<std::int64_t>(std::stod(words.at("--seconds")) * 1e9));
  const auto measured = processes(words.at("--measure"));
  Loop loop;
  Load load(loop, limits, asker);
  load.run(time / 4); // what is first is not measured
  asker.begin();
  const std::vector<pid_t> first(measured.begin(), measured.begin() + (measured.empty() ? 0 : 1));
  const auto cpu_before = processor_time(measured), first_before = processor_time(first), before = now();
  load.run(time);
  const auto cpu = processor_time(measured) - cpu_before, first_cpu = processor_time(first) - first_before;
  const auto took = now() - before;
  const auto answers = static_cast<double>(asker.latencies.all.size());
  const auto each = [&](Nanoseconds sum) {
    return std::chrono::duration<double, std::micro>(sum).count() / std::max(answers, 1.0);
  };
  const auto held = holdings(measured);
  const auto seconds = std::chrono::duration<double>(took).count();
  std::printf("{\"answers\": %.0f, \"wrong\": %zu, \"late\": %zu, \"rate\": %.1f, \"cpu_us\": %.3f, "
              "\"first_cpu_us\": %.3f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"resident_kb\": %lld, \"peak_kb\": %lld}\n",
              answers, asker.wrong, load.late(), answers / seconds, each(cpu), each(first_cpu),
              asker.latencies.microseconds(50), asker.latencies.microseconds(99),
              static_cast<long long>(held.resident_kb), static_cast<long long>(held.peak_kb));
  if (asker.wrong > 0) std::fprintf(stderr, "bench_load: a wrong answer: %s\n", asker.first_wrong.c_str());
  return asker.wrong > 0 ? 1 : 0;
}

} // namespace
} // namespace plugboard::bench

int main(int argc, char** argv) {
  try {
    return plugboard::bench::measure(plugboard::bench::read(argc, argv));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_load: %s\n", error.what());
    return 1;
  }
}
