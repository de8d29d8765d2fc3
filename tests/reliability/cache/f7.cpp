// F7: equal questions at the same time are one call; who leaves takes it from nobody, who may see less sees less, a
// failure is told to all and tried by none, and who has more time than the first goes on with one new call.
#include "tests/reliability/cache/shared_answers.hpp"
#include "tests/reliability/promise.hpp"

#include <atomic>
#include <thread>

namespace plugboard::test {
namespace {

using std::chrono::milliseconds;

class Flights {
 public:
  explicit Flights(Showing& showing) : showing_(showing), hub_(shared_hub(upstream_.port(), "")) {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
  }

  std::string run(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      const auto id = std::to_string(1000 + round);
      const Customer customer{.subject = "u-" + id, .customer_id = id};
      desk_ = hub_.session(customer, kDesk);
      teller_ = hub_.session(customer, kTeller);
      together(id, false);
      together(id, true);
      first_leaves(id);
      more_time(id);
    }
    hub_.stop();
    return std::to_string(showing_.counted("askers")) + " askers, " + std::to_string(showing_.counted("calls")) +
           " calls; none for who came later, retried or was left";
  }

 private:
  static constexpr int kAskers = 32;

  Connection asks(const std::string& session, const char* key, int deadline_ms) {
    auto connection = Connection::tcp(hub_.port());
    if (!connection) throw std::runtime_error("no connection");
    const auto body = R"({"session": ")" + session + R"(", "deadline_ms": )" + std::to_string(deadline_ms) + "}";
    connection->send(bytes_of({.path = "/v1/context", .key = key, .body = body}));
    showing_.count("askers");
    return std::move(*connection);
  }

  // Holds its answers until so many contexts wait for it.
  void hold(int status) {
    before_ = upstream_.requests("/profile").size();
    const auto name = "round " + std::to_string(++held_);
    gate_ = name;
    upstream_.on("/profile", [this, name, status](const UpstreamRequest& request) {
      const int n = ++calls_;
      upstream_.await(name);
      return status == 200 ? profile_reply(request, n) : UpstreamReply{.status = status};
    });
  }

  std::size_t asked() { return upstream_.requests("/profile").size() - before_; }

  // Joined or not shows in the hub's figures: no time is guessed.
  void await_joined(std::size_t more) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (asked() == 0 || shared() < shared_before_ + more) {
      if (std::chrono::steady_clock::now() > until)
        throw std::runtime_error("only " + std::to_string(shared() - shared_before_) + " joined the call");
      std::this_thread::sleep_for(milliseconds(2));
    }
  }

  std::size_t shared() {
    const std::string line = R"(plugboard_cache_lookups_total{connector="shop",result="shared"} )";
    const auto text = hub_.admin("/metrics").body;
    const auto at = text.find(line);
    return at == std::string::npos ? 0 : static_cast<std::size_t>(std::stod(text.substr(at + line.size())));
  }

  void together(const std::string& id, bool fails) {
    shared_before_ = shared();
    hold(fails ? 500 : 200);
    std::vector<Connection> all;
    for (int i = 0; i < kAskers; ++i)
      all.push_back(asks(i % 4 == 3 ? teller_ : desk_, i % 4 == 3 ? kTeller : kDesk, 20'000));
    await_joined(kAskers - 1);
    upstream_.open(gate_);
    const auto own = std::to_string(calls_) + "/" + id + "/secret of " + id;
    for (int i = 0; i < kAskers; ++i) {
      const auto got = seen(all[static_cast<std::size_t>(i)].read().json());
      const auto due = fails ? "error" : i % 4 == 3 ? id : own;
      showing_.holds(got == due, "given " + got + " instead of " + due);
    }
    ended(1, fails ? "after a failure" : "for equal questions");
  }

  void first_leaves(const std::string& id) {
    shared_before_ = shared();
    hold(200);
    auto first = asks(desk_, kDesk, 20'000);
    await_joined(0);
    std::vector<Connection> others;
    for (int i = 0; i < 4; ++i) others.push_back(asks(desk_, kDesk, 20'000));
    await_joined(4);
    first.close();
    const auto late = asks(desk_, kDesk, 20'000); // after that was seen or not: it is the same call
    await_joined(5);
    upstream_.open(gate_);
    for (auto& one : others) {
      const auto got = seen(one.read().json());
      showing_.holds(got.ends_with("secret of " + id), "given " + got + " when the first had left");
    }
    ended(1, "when the first left");
  }

  void more_time(const std::string& id) {
    shared_before_ = shared();
    hold(200);
    auto first = asks(desk_, kDesk, 400);
    await_joined(0);
    std::vector<Connection> others;
    for (int i = 0; i < 4; ++i) others.push_back(asks(desk_, kDesk, 20'000));
    await_joined(4);
    const auto got = seen(first.read().json());
    showing_.holds(got == "timeout", "who had little time was given " + got);
    upstream_.open(gate_);
    for (auto& one : others) {
      const auto later = seen(one.read().json());
      showing_.holds(later.ends_with("secret of " + id), "given " + later + " when the first had no more time");
    }
    ended(2, "when the first had no more time");
  }

  void ended(std::size_t most, const std::string& when) {
    showing_.holds(asked() >= 1 && asked() <= most, std::to_string(asked()) + " calls " + when);
    showing_.count("calls", static_cast<std::int64_t>(asked()));
  }

  Showing& showing_;
  std::atomic<int> calls_ = 0;
  int held_ = 0;
  Upstream upstream_;
  HubProcess hub_;
  std::string desk_, teller_, gate_;
  std::size_t before_ = 0, shared_before_ = 0;
};

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  using namespace plugboard::test;
  return show_promise(argc, argv, "F7", [](Showing& showing) { return Flights(showing).run(showing.full ? 100 : 5); });
}
