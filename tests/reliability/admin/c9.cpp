// C9: guessing gets nowhere, and costs nobody else anything. Twenty wrong tries for one customer from one place make
// that pair wait, also for the right one; the same customer from elsewhere logs in. Session tokens that somebody makes
// up, as fast as they can be sent, are shed before the store is asked, while another client's answers come as before.
// And a token that was never issued, one that is over, revoked, another client's or mistyped are answered alike: the
// same bytes, and by Welch's t over interleaved samples (as dudect has it) in the same time.
#include "tests/reliability/admin/timing.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"

#include "core/base/ids.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <stdexcept>
#include <thread>

namespace plugboard::test {
namespace {

namespace fs = std::filesystem;
using SteadyClock = std::chrono::steady_clock;

constexpr int kMostTries = 20;      // a minute
constexpr int kUnknownAtOnce = 500; // sessions that are none, before a client is shed
constexpr int kClients = 20;        // that measure: of each the hub sees fewer than it sheds
constexpr double kTelling = 4.5;    // |t|: dudect's
constexpr double kTickMs = 10;      // such answers go out so long after their request, or twice, or thrice …
constexpr int kThreads = 6;

double milliseconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

double median(std::vector<double> times) {
  if (times.empty()) return 0;
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

std::string session_body(const std::string& token) {
  return R"({"session": ")" + token + "\"}";
}

class Guessing {
 public:
  explicit Guessing(Showing& showing) : showing_(showing), random_(showing.seed), hub_(configuration()) {
    if (!hub_.start()) throw std::runtime_error("the hub did not start: " + hub_.raw_log());
  }

  void at_a_customers_proof();
  void make_sessions();
  void give_the_same_answers();
  void take_the_same_time(int samples);
  void at_sessions(std::chrono::milliseconds time);

  void end() {
    showing_.holds(hub_.stop() == 0, "the hub did not end well");
    showing_.holds(hub_.log_faults().empty(), hub_.log_faults());
  }

  double worst_t = 0, quiet_ms = 0, flooded_ms = 0;

 private:
  HubConfig configuration() const {
    HubConfig config;
    fs::copy(config.plugins_dir, plugins_.path(), fs::copy_options::recursive | fs::copy_options::overwrite_existing);
    fs::create_directories(plugins_ / "pin/1.0.0");
    fs::copy(std::string(PIN_PLUGIN), plugins_ / "pin/1.0.0/pin.so");
    config.plugins_dir = plugins_.path();
    config.clients.pop_back(); // its "]"
    for (int i = 0; i < kClients; ++i) {
      config.clients += R"(, {"id": "m)" + std::to_string(i) + R"(", "key": {"env": "M)" + std::to_string(i) +
                        R"("}, "sections": ["*"], "scopes": ["session:create", "session:read", "context:read"]})";
      config.environment["M" + std::to_string(i)] = key_of(i);
    }
    config.clients += "]";
    config.add("pin", R"({"plugin": "pin", "isolation": "in_process"})");
    return config;
  }

  int log_in(const std::string& email, const std::string& pin, const std::string& source) {
    const auto from = source.empty() ? "" : R"(, "source": ")" + source + "\"";
    const auto answer = hub_.post("/v1/sessions", R"({"connector": "pin", "credential": {"email": ")" + email +
                                                      R"(", "pin": ")" + pin + "\"}" + from + "}");
    if (answer.status == 429)
      showing_.holds(std::stoi(answer.header("retry-after")) <= 60, "who guesses waits for longer than a minute");
    return answer.status;
  }

  std::string made_up() { // of the right form, as anybody can make it
    const std::lock_guard lock(random_mutex_);
    return std::string(new_token("pbs_", random_).reveal());
  }

  std::string mistyped() {
    auto token = made_up();
    token.back() = token.back() == 'x' ? 'y' : 'x';
    return token;
  }

  static std::string key_of(int client) { return "measuring-client-key-" + std::to_string(client); }

  enum Kind : std::size_t { never_issued, over, revoked, mistyped_one };

  static constexpr std::array<const char*, 4> kKinds{"never issued", "over", "revoked", "mistyped"};

  struct Measuring { // one client
    std::string key, over, revoked;
  };

  std::string token_of_kind(const Measuring& client, std::size_t kind) {
    if (kind == over) return client.over;
    if (kind == revoked) return client.revoked;
    return kind == never_issued ? made_up() : mistyped();
  }

  void no_answer_is_early(const std::vector<double>& times, const char* kind);

  Showing& showing_;
  TempFolder plugins_;
  std::mutex random_mutex_;
  SeededRandom random_;
  HubProcess hub_;
  std::vector<Measuring> clients_;
};

void Guessing::at_a_customers_proof() {
  const std::string victim = "ada@shop.example", bystander = "bob@shop.example";
  for (int i = 0; i < kMostTries; ++i) {
    const int status = log_in(victim, std::to_string(2000 + i), "192.0.2.7");
    showing_.count("guesses");
    showing_.holds(status == 403, "guess " + std::to_string(i + 1) + " was answered " + std::to_string(status));
  }
  for (const auto* pin : {"9999", "1234"}) // also right: else there is one more guess behind each wait
    showing_.holds(log_in(victim, pin, "192.0.2.7") == 429, "a guess after the twentieth is not refused");
  showing_.holds(log_in(victim, "1234", "192.0.2.8") == 201, "the customer can't log in from elsewhere");
  showing_.holds(log_in(victim, "1234", "") == 201, "the customer can't log in through another channel");
  showing_.holds(log_in(bystander, "1234", "192.0.2.7") == 201, "another customer can't log in from the same place");
  for (int i = 0; i < kMostTries; ++i) log_in(bystander, "0000", "");
  showing_.holds(log_in(bystander, "1234", "") == 429, "without a source, the client's own address is none");
}

void Guessing::make_sessions() {
  for (int i = 0; i < kClients; ++i) {
    const auto key = key_of(i);
    clients_.push_back({key, hub_.session({.lifetime = 2}, key), hub_.session({}, key)});
    if (hub_.post("/v1/sessions/revoke", session_body(clients_.back().revoked), key).status != 204)
      throw std::runtime_error("a session was not revoked");
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(2500)); // until those of two seconds are over
}

void Guessing::give_the_same_answers() {
  const auto whole = [](const Answer& answer) {
    std::string text = std::to_string(answer.status) + answer.body;
    for (const auto& [name, value] : answer.headers)
      if (name != "date") text.append("\n").append(name).append(": ").append(value);
    return text;
  };
  const auto& client = clients_.front();
  const auto others = hub_.session();
  for (const auto* path : {"/v1/context", "/v1/sessions/introspect", "/v1/sessions/revoke"}) {
    const auto first = whole(hub_.post(path, session_body(made_up()), client.key));
    for (const auto& token : {client.over, client.revoked, others, mistyped(), std::string("pbs_"), std::string("x")}) {
      showing_.count("answers compared");
      showing_.holds(whole(hub_.post(path, session_body(token), client.key)) == first,
                     std::string(path) + " tells tokens apart");
    }
  }
}

// What statistics may overlook on a machine that is loaded: an answer that goes out when it is ready, not at a tick.
void Guessing::no_answer_is_early(const std::vector<double>& times, const char* kind) {
  const auto early = std::count_if(times.begin(), times.end(), [](double took) { return took < kTickMs / 2; });
  showing_.holds(early * 100 <= static_cast<std::ptrdiff_t>(times.size()),
                 std::to_string(early) + " answers to tokens that are " + kind + " did not wait for their tick");
}

// Each connection asks for one kind after the other in an order of its own, so that whatever disturbs one disturbs all.
void Guessing::take_the_same_time(int samples) {
  std::array<std::vector<double>, kKinds.size()> times;
  std::mutex mutex;
  std::atomic<int> left{samples};
  const auto ask = [&](std::uint64_t seed) {
    std::mt19937_64 order(seed);
    auto connection = Connection::tcp(hub_.port());
    while (connection && left-- > 0) {
      const auto kind = order() % kKinds.size();
      const auto& client = clients_[order() % clients_.size()];
      const Ask one{.path = "/v1/context", .key = client.key, .body = session_body(token_of_kind(client, kind))};
      const auto start = SteadyClock::now();
      const int status = connection->ask(one).status;
      const double took = milliseconds_since(start);
      const std::lock_guard lock(mutex);
      times.at(kind).push_back(took);
      if (!showing_.holds(status == 404, "a token that is none was answered " + std::to_string(status))) left = 0;
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(ask, showing_.random());
  for (auto& thread : threads) thread.join();
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) no_answer_is_early(times.at(kind), kKinds.at(kind));
  for (std::size_t a = 0; a < kKinds.size(); ++a)
    for (std::size_t b = a + 1; b < kKinds.size(); ++b) {
      const double t = most_telling_t(times.at(a), times.at(b));
      worst_t = std::max(worst_t, t);
      showing_.holds(t < kTelling, std::string(kKinds.at(a)) + " and " + kKinds.at(b) +
                                       " differ in time: |t| = " + std::to_string(t));
    }
  showing_.count("times measured", samples);
}

// One client makes tokens up as fast as connections can send them; another goes on as before, and so does the first
// with a session that it really has.
void Guessing::at_sessions(std::chrono::milliseconds time) {
  const auto good = hub_.session(), its_own = hub_.session({}, kBot);
  const auto introspect = [](const std::string& key, const std::string& token) {
    return Ask{.path = "/v1/sessions/introspect", .key = key, .body = session_body(token)};
  };
  const auto ask_for_a_while = [&] {
    std::vector<double> times;
    auto connection = Connection::tcp(hub_.port());
    const auto end = SteadyClock::now() + time;
    while (connection && SteadyClock::now() < end) {
      const auto start = SteadyClock::now();
      const auto answer = connection->ask(introspect(kDesk, good));
      times.push_back(milliseconds_since(start));
      showing_.holds(answer.status == 200 && answer.json().has("/id"), "another client's session is not found");
    }
    return median(std::move(times));
  };
  quiet_ms = ask_for_a_while();
  std::atomic<bool> is_over{false};
  std::atomic<std::int64_t> told{0}, shed{0}, other{0};
  const auto start = SteadyClock::now();
  const auto flood = [&] {
    auto connection = Connection::tcp(hub_.port());
    while (connection && !is_over) {
      const auto answer = connection->ask(introspect(kBot, made_up()));
      ++(answer.status == 200 ? told : answer.status == 429 ? shed : other);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 2 * kThreads; ++i) threads.emplace_back(flood);
  eventually([&] { return shed > 0; });
  flooded_ms = ask_for_a_while();
  const auto own = hub_.ask(introspect(kBot, its_own));
  showing_.holds(own.status == 200 && own.json().has("/id"), "a client that is shed loses the sessions that it has");
  showing_.holds(hub_.post("/v1/sessions/introspect", session_body(made_up()), kDesk).status == 200,
                 "another client is shed for it");
  is_over = true;
  for (auto& thread : threads) thread.join();
  const auto seconds = milliseconds_since(start) / 1000;
  showing_.count("made up", told + shed + other);
  showing_.count("shed", shed);
  showing_.holds(shed > 0, "nothing was shed");
  showing_.holds(other == 0, std::to_string(other) + " made up tokens were answered otherwise");
  const auto most = kUnknownAtOnce + static_cast<std::int64_t>(50 * seconds) + 4 * kThreads; // and those under way
  showing_.holds(told <= most,
                 std::to_string(told) + " made up tokens reached the store, more than " + std::to_string(most));
  showing_.holds(flooded_ms < 20 + 20 * quiet_ms,
                 "another client waits: " + std::to_string(flooded_ms) + " ms for " + std::to_string(quiet_ms));
}

std::string show(Showing& showing) {
  Guessing guessing(showing);
  guessing.at_a_customers_proof();
  guessing.make_sessions();
  guessing.give_the_same_answers();
  guessing.take_the_same_time(showing.full ? 100'000 : 12'000);
  guessing.at_sessions(std::chrono::seconds(showing.full ? 20 : 3));
  guessing.end();
  const auto rounded = [](double number) {
    return std::to_string(static_cast<int>(number * 100) / 100.0).substr(0, 5);
  };
  return std::to_string(showing.counted("guesses")) + " guesses, then that pair alone waited; " +
         std::to_string(showing.counted("times measured")) + " times, worst |t| " + rounded(guessing.worst_t) +
         "; of " + std::to_string(showing.counted("made up")) + " tokens made up " +
         std::to_string(showing.counted("shed")) + " shed, another client's median " + rounded(guessing.quiet_ms) +
         " to " + rounded(guessing.flooded_ms) + " ms";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "C9", plugboard::test::show);
}
