// F9: no request of at most 10 KB costs the hub more than ten times its size in memory, or ten times the processor time
// that it costs its sender, beyond what it costs to ask the systems that its configuration lets it ask.
//
// Memory is what the hub's heap has in use, to the byte (by an allocator that keeps accounts, accounts_preload.cpp),
// and beside it what is resident, of many requests at once, half-sent or under way while the system is slow: what each
// adds to a connection that idles. A request counts as 1 KB at least; its connection alone costs its sender more. Of
// one that comes alone, the most that is in use until it is answered, which each thread needs once, however many wait:
// at most ten times those 10 KB, and where nobody else is asked ten times the answer. Connectors run in workers there,
// whose memory has bounds of its own (P4).
//
// Processor time is all that the hub's threads take, plugins in process among them, for each of many requests that come
// one after the other over a kept connection, against what this thread takes to send one and read its answer. That it
// costs something to make is left out: it may be sent again and again. The kernel's part is in both.
//
// From what asks a system or the store, the cost of the least request is taken away that asks the same of them, and
// from an admin's page that of the same page: what it shows is gathered from files and store. All else is held against
// the line as it is.
#include "plugins/jwt/test/signing_key.hpp"
#include "tests/bench/wire.hpp"
#include "tests/reliability/amplification/accounts.hpp"
#include "tests/reliability/amplification/worst_cases.hpp"
#include "tests/reliability/edge/probes.hpp"
#include "tests/reliability/login/processor_time.hpp"
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/jwt.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <thread>

namespace plugboard::test {
namespace {

using std::chrono::milliseconds;

constexpr double kMost = 10;
constexpr std::int64_t kLeastSize = 1024;
constexpr int kWarmUps = 3, kTries = 4;
constexpr int kAlone = 6; // requests of which the cheapest in memory counts: others' work may fall into one
constexpr milliseconds kSettled{30};

struct Size {
  int again, at_once; // requests
  std::size_t found;  // files of each of the fuzzers' corpora
};

constexpr Size kShort{40, 100, 40}, kLong{300, 400, 1000};

// Sends prepared bytes and reads whole answers, cheaply, over a connection that is kept where it can be.
class Sender {
 public:
  explicit Sender(int port) : port_(port) {}

  // Throws when there comes no answer.
  int ask(const std::string& bytes) {
    send(bytes);
    return read();
  }

  void send(const std::string& bytes) {
    if (socket_.get() < 0) socket_ = connect_tcp(port_);
    send_all(socket_.get(), bytes); // one that is cut may have been answered
  }

  int read() {
    received_.clear();
    for (;;) {
      if (const auto answer = bench::first_message(received_)) {
        size_ = answer->size();
        if (!bench::field(answer->head, "connection").empty()) socket_.close(), socket_ = Descriptor();
        return answer->status();
      }
      if (receive_some(socket_.get(), received_, kPatience) <= 0) throw std::runtime_error("no answer came");
    }
  }

  std::int64_t size() const { return static_cast<std::int64_t>(size_); } // of the last answer

 private:
  const int port_;
  Descriptor socket_;
  std::string received_;
  std::size_t size_ = 0;
};

struct Spent { // for one request
  int status = 0;
  double hub_us = std::numeric_limits<double>::max(), client_us = 0;
  std::int64_t most_bytes = std::numeric_limits<std::int64_t>::max(), answer_bytes = 0;
};

struct Dearest {
  double times = 0; // its size, or its sender's time
  std::string name;

  void meet(double others, const std::string& other) {
    if (others > times) times = others, name = other;
  }

  std::string text() const {
    char number[32];
    std::snprintf(number, sizeof number, "%.1f", times);
    return number + std::string(" x (") + name + ")";
  }
};

class Amplification {
 public:
  explicit Amplification(Showing& showing)
      : showing_(showing), size_(showing.full ? kLong : kShort), frugal_(configuration(false)),
        counted_(configuration(true)) {
    system_.on("/one", [this](const UpstreamRequest&) {
      while (slow_) std::this_thread::sleep_for(milliseconds(2));
      return UpstreamReply{.body = R"({"open": 3})"};
    });
    for (auto* hub : {&frugal_, &counted_}) {
      hub->folder().write("idp.jwks", "{\"keys\": [" + rsa_.jwk(R"("kid":"rs","alg":"RS256")") + "," +
                                          p256_.jwk(R"("kid":"es","alg":"ES256")") + "," +
                                          ed_.jwk(R"("kid":"ed","alg":"EdDSA")") + "]}");
      if (!hub->start()) throw std::runtime_error("the hub does not start: " + hub->raw_log());
    }
  }

  std::string run() {
    for (const auto& one : cases(frugal_)) judge_time(one);
    for (const auto& one : cases(counted_)) judge_memory(one);
    for (auto* hub : {&frugal_, &counted_}) {
      showing_.holds(hub->get("/healthz").status == 200, "the hub does not serve any more");
      showing_.holds(hub->log_faults().empty(), "the log: " + hub->log_faults());
      hub->stop();
    }
    return std::to_string(showing_.counted("requests")) + " requests; the dearest in memory alone " + alone_.text() +
           ", half-sent " + half_.text() + ", under way " + under_way_.text() + ", in processor time " + time_.text();
  }

 private:
  HubConfig configuration(bool counts) {
    HubConfig config;
    config.with_admins();
    config.threads = 1;
    config.add("s",
               rest_connector(system_.port(), "{\"one\": " + rest_section("/one") + "}", R"("timeout_ms": 20000, )"));
    config.add("idp", R"({"plugin": "jwt", "isolation": "in_process", "config": {"issuers": [
        {"issuer": "https://login.shop.example", "audience": "support", "jwks": "idp.jwks"}]},
        "grants": {"files": ["ro:idp.jwks"]}})");
    if (!counts) return config;
    config.environment.merge(accounts_.environment());
    for (auto& [name, connector] : config.connectors) connector = in_worker(connector);
    config.login = in_worker(config.login);
    return config;
  }

  static std::string in_worker(std::string connector) {
    const std::string in_process = "\"in_process\"";
    return connector.replace(connector.find(in_process), in_process.size(), "\"worker\"");
  }

  std::vector<WorstCase> cases(HubProcess& hub) {
    KnownToHub known{hub.session(), {}};
    const auto claims = R"({"iss":"https://login.shop.example","aud":"support","sub":"u-1","iat":)" +
                        std::to_string(unix_now()) + R"(,"exp":)" + std::to_string(unix_now() + 3600) + "}";
    const jwt::test::SigningKey* keys[] = {&rsa_, &p256_, &ed_};
    const std::pair<const char*, const char*> kinds[] = {{"RS256", "rs"}, {"ES256", "es"}, {"EdDSA", "ed"}};
    for (int i = 0; i < 3; ++i) {
      auto token = keys[i]->token(kinds[i].first, jwt::test::header(kinds[i].first, kinds[i].second), claims);
      const auto end = token.rfind('.') + 12;
      token[end] = token[end] == 'A' ? 'B' : 'A'; // within the signature
      known.forgeries.emplace_back(kinds[i].first, token);
    }
    auto all = worst_cases(known);
    for (auto& one : found_by_fuzzing(PLUGBOARD_FUZZ_CORPUS, size_.found)) all.push_back(std::move(one));
    return all;
  }

  static int port_for(HubProcess& hub, const WorstCase& one) { return one.admin ? hub.admin_port() : hub.port(); }

  // The cheapest of some rounds: what else the machine does, or the hub, makes a round dearer.
  Spent time_of(HubProcess& hub, const WorstCase& one, const std::string& bytes) {
    Sender sender(port_for(hub, one));
    Spent spent;
    for (int i = 0; i < kWarmUps; ++i) spent.status = sender.ask(bytes);
    spent.answer_bytes = sender.size();
    const auto hub_before = test::time_of(hub.process().pid()), own_before = time_of_this_thread();
    for (int i = 0; i < size_.again; ++i) sender.ask(bytes);
    const auto each = [&](std::chrono::nanoseconds time) {
      return static_cast<double>(time.count()) / 1e3 / size_.again;
    };
    spent.client_us = each(time_of_this_thread() - own_before);
    spent.hub_us = each(test::time_of(hub.process().pid()) - hub_before);
    return spent;
  }

  void judge_time(const WorstCase& one) {
    if (one.never_whole) return;
    double times = std::numeric_limits<double>::max();
    std::string told;
    for (int i = 0; i < kTries && times > kMost; ++i) {
      const auto spent = time_of(frugal_, one, one.bytes);
      expect_status(one, spent.status);
      double plain = 0;
      if (!one.plain.empty()) plain = time_of(frugal_, one, one.plain).hub_us;
      times = std::min(times, std::max(0.0, spent.hub_us - plain) / spent.client_us);
      told = std::to_string(std::lround(spent.hub_us)) + " µs of the hub's, the least that asks the same " +
             std::to_string(std::lround(plain)) + ", of its sender's " + std::to_string(std::lround(spent.client_us));
    }
    showing_.holds(times <= kMost, one.name + ": " + told);
    showing_.count("requests");
    time_.meet(times, one.name);
  }

  void expect_status(const WorstCase& one, int status) {
    const bool right = one.status ? status == one.status : status < 500;
    showing_.holds(right, one.name + " was answered " + std::to_string(status));
    showing_.count("answered " + std::to_string(status));
  }

  static std::int64_t allowed(std::size_t bytes) {
    return static_cast<std::int64_t>(kMost) * std::max(kLeastSize, static_cast<std::int64_t>(bytes));
  }

  void judge_memory(const WorstCase& one) {
    if (!one.never_whole) judge_alone(one);
    judge_half_sent(one);
    if (one.slow) judge_under_way(one);
  }

  Spent most_of(const WorstCase& one, const std::string& bytes) {
    Sender sender(port_for(counted_, one));
    Spent spent;
    for (int i = 0; i < kWarmUps; ++i) spent.status = sender.ask(bytes);
    for (int i = 0; i < kAlone; ++i) {
      const auto before = settled();
      accounts_.forget_most();
      sender.ask(bytes);
      spent.most_bytes = std::min(spent.most_bytes, accounts_.most() - before);
    }
    spent.answer_bytes = sender.size();
    return spent;
  }

  void judge_alone(const WorstCase& one) {
    const auto spent = most_of(one, one.bytes);
    expect_status(one, spent.status);
    const auto plain = one.plain.empty() ? 0 : most_of(one, one.plain).most_bytes;
    const auto most = std::max<std::int64_t>(0, spent.most_bytes - plain);
    const auto may = allowed(kMostBytes + (one.plain.empty() ? static_cast<std::size_t>(spent.answer_bytes) : 0));
    showing_.holds(most <= may, one.name + ": alone " + std::to_string(most) + " bytes of memory beyond " +
                                    std::to_string(plain) + ", for a request of " + std::to_string(one.bytes.size()) +
                                    " and an answer of " + std::to_string(spent.answer_bytes));
    alone_.meet(kMost * static_cast<double>(most) / static_cast<double>(may), one.name);
  }

  // Once nothing moves any more.
  std::int64_t settled() {
    for (auto last = accounts_.in_use();;) {
      std::this_thread::sleep_for(milliseconds(2));
      const auto now = accounts_.in_use();
      if (now == last) return now;
      last = now;
    }
  }

  struct Held { // by each of many at once
    std::int64_t heap = 0, resident = 0;
  };

  // deed: to each of many connections that the hub has served before, and idles.
  template <class Deed, class Undo>
  Held held_by(const WorstCase& one, Deed deed, Undo undo) {
    std::vector<std::unique_ptr<Sender>> senders;
    for (int i = 0; i < size_.at_once; ++i) {
      senders.push_back(std::make_unique<Sender>(port_for(counted_, one)));
      senders.back()->ask(kHealth);
    }
    std::this_thread::sleep_for(kSettled);
    const auto heap = settled();
    const auto resident = cost_of(counted_.process().pid()).memory_mb;
    for (auto& sender : senders) deed(*sender);
    std::this_thread::sleep_for(kSettled);
    Held held{settled() - heap, std::llround((cost_of(counted_.process().pid()).memory_mb - resident) * 1e6)};
    for (auto& sender : senders) undo(*sender);
    return {held.heap / size_.at_once, held.resident / size_.at_once};
  }

  // measure: returns what each holds, beyond the least that asks the same. The least of some rounds, if need be: what
  // the allocator gives back to the system or takes anew meanwhile falls into one.
  template <class Measure>
  void judge_held(const WorstCase& one, const std::string& how, std::size_t bytes, Measure measure, Dearest& dearest) {
    Held least = measure();
    for (int i = 1; i < kTries && std::max(least.heap, least.resident) > allowed(bytes); ++i) {
      const auto held = measure();
      least = {std::min(least.heap, held.heap), std::min(least.resident, held.resident)};
    }
    const auto more = std::max({std::int64_t{0}, least.heap, least.resident});
    showing_.holds(more <= allowed(bytes), one.name + ": " + how + " each holds " + std::to_string(more) +
                                               " bytes, for a request of " + std::to_string(bytes));
    dearest.meet(kMost * static_cast<double>(more) / static_cast<double>(allowed(bytes)), one.name);
  }

  void judge_half_sent(const WorstCase& one) {
    const auto half = one.never_whole ? one.bytes : one.bytes.substr(0, one.bytes.size() - 1);
    const auto measure = [&] {
      return held_by(
          one, [&](Sender& sender) { sender.send(half); }, [](Sender&) {});
    };
    judge_held(one, "half-sent", half.size(), measure, half_);
  }

  Held under_way(const WorstCase& one, const std::string& bytes) {
    slow_ = true;
    return held_by(
        one, [&](Sender& sender) { sender.send(bytes); },
        [&](Sender& sender) {
          slow_ = false;
          expect_status(one, sender.read());
        });
  }

  void judge_under_way(const WorstCase& one) {
    under_way(one, one.plain); // the system's connections are there from then on
    const auto measure = [&] {
      const auto plain = under_way(one, one.plain), held = under_way(one, one.bytes);
      return Held{held.heap - plain.heap, held.resident - plain.resident};
    };
    judge_held(one, "under way", one.bytes.size(), measure, under_way_);
  }

  static inline const std::string kHealth = "GET /healthz HTTP/1.1\r\nHost: hub.test\r\n\r\n";

  Showing& showing_;
  const Size size_;
  const jwt::test::SigningKey rsa_ = jwt::test::SigningKey::rsa(), p256_ = jwt::test::SigningKey::p256(),
                              ed_ = jwt::test::SigningKey::ed25519();
  std::atomic<bool> slow_{false};
  Upstream system_;
  Accounts accounts_;
  HubProcess frugal_, counted_; // the one whose time counts, the one whose memory does
  Dearest alone_, half_, under_way_, time_;
};

std::string show(Showing& showing) {
  return Amplification(showing).run();
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "F9", plugboard::test::show);
}
