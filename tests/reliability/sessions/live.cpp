#include "tests/reliability/sessions/live.hpp"

#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <stdexcept>

namespace plugboard::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kRounds = 20;
constexpr double kPromised = 50; // ms

// From the revocation's first byte until the context's answer. Other programs of the machine are in it, too.
double round_of(HubProcess& hub, Upstream& mute, Showing& showing) {
  const auto token = hub.session();
  const auto asked = mute.requests().size();
  auto waiting = Connection::tcp(hub.port());
  if (!waiting ||
      !waiting->send(bytes_of(
          {.path = "/v1/context", .key = kDesk, .body = R"({"session": ")" + token + R"(", "deadline_ms": 30000})"})))
    throw std::runtime_error("the hub takes no request");
  if (!eventually([&] { return mute.requests().size() > asked; })) throw std::runtime_error("no system was asked");
  auto given_up = std::async(std::launch::async, [&] {
    const auto answer = waiting->read();
    return std::pair(answer.problem(), SteadyClock::now());
  });
  const auto began = SteadyClock::now();
  const auto revoked = hub.post("/v1/sessions/revoke", R"({"session": ")" + token + "\"}");
  const auto [problem, at] = given_up.get();
  showing.holds(revoked.status == 204 && problem == "session-unknown",
                "a context of an ended session was answered: " + problem);
  return std::chrono::duration<double, std::milli>(at - began).count();
}

} // namespace

std::string show_live(Showing& showing) {
  Upstream mute;
  mute.on("/mute", UpstreamReply{.hang = true});
  HubConfig config;
  config.add("mute",
             rest_connector(mute.port(), R"({"one": )" + rest_section("/mute") + "}", R"("timeout_ms": 30000, )"));
  HubProcess hub(config);
  if (!hub.start()) throw std::runtime_error("the hub did not start: " + hub.raw_log());
  std::vector<double> took;
  for (int i = 0; i < kRounds; ++i) took.push_back(round_of(hub, mute, showing));
  std::sort(took.begin(), took.end());
  const double half = took[took.size() / 2];
  showing.holds(half <= kPromised, "a context under way was given up after " + std::to_string(half) + " ms (median)");
  hub.stop();
  char words[80];
  std::snprintf(words, sizeof words, "%d contexts under way given up after %.1f ms (median)", kRounds, half);
  return words;
}

} // namespace plugboard::test
