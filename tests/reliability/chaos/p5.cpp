// P5: whatever a plugin answers, through the ABI or past it into the worker's socket, is seen for what it is, costs the
// hub no memory, and reaches no other request: not one byte of it.
#include "tests/reliability/chaos/chaos_calls.hpp"
#include "tests/reliability/chaos/chaos_hub.hpp"
#include "tests/reliability/chaos/connector/modes.hpp"
#include "tests/reliability/chaos/hub_figures.hpp"
#include "tests/reliability/chaos/markers.hpp"

#include <algorithm>
#include <array>
#include <thread>

namespace plugboard::test {

namespace {

constexpr Markers::Owner kLiar = 1, kVictim = 2;
constexpr std::int64_t kMostMemoryKb = 2 * 1024; // twice the cap of an answer
constexpr int kPatience = 1000;                  // ms; who is given less does not answer at all
constexpr int kMostOffset = 320;                 // longer than the frame of a proper answer

struct Case {
  std::string mode;
  std::vector<std::string> answers; // any of them
  std::string section = "record";
  int deadline_ms = 5000;
};

const std::vector<std::string> kProtocol{"invalid/plugin_protocol"};
// Past the ABI: the process is ended for it, whatever else it was doing.
const std::vector<std::string> kEnded{"invalid/plugin_protocol", "unavailable/plugin_crashed"};

std::vector<Case> lies() {
  return {{"huge_reply", {"invalid/too_large"}, "record", 10'000},
          {"deep", kProtocol},
          {"bad_utf8", kProtocol},
          {"overlong_utf8", kProtocol},
          {"lone_surrogate", kProtocol},
          {"duplicate_keys", kProtocol},
          {"nan", kProtocol},
          {"huge_number", kProtocol},
          {"big_integer", {"ok"}}, // JSON knows no largest number; where a shape asks for a smaller one, it is `shape`
          {"big_integer", {"ok"}, "contact"}, // and what the shape does not know is dropped
          {"nul", kProtocol},
          {"nul_escaped", {"ok"}},
          {"not_json", kProtocol},
          {"array", kProtocol},
          {"wrong_type", {"invalid/shape"}, "contact"},
          {"missing_field", {"invalid/shape"}, "contact"},
          {"extra_field", {"ok"}, "contact"},
          {"wrong_customer", {"invalid/wrong_customer"}},
          {"wrong_customer", {"invalid/wrong_customer"}, "contact"},
          {"undeclared_yield", kProtocol},
          {"unknown_status", kProtocol},
          {"garbage_reply", kProtocol},
          {"no_reply", {"invalid/plugin_protocol", "timeout/deadline"}, "record", 300},
          {"two_replies", {"ok"}},
          {"late_reply", {"timeout/deadline"}, "record", 200},
          {"other_call", {"ok"}},
          {"invented_call", {"ok", kProtocol[0]}}};
}

std::vector<Case> frames() {
  return {{"wire_two_replies", {"ok"}},
          {"wire_other_call", kEnded},
          {"hub_frames", kEnded},
          {"unknown_type", kEnded},
          {"unsolicited", kEnded},
          {"trailing_bytes", kEnded},
          {"zero_lengths", kEnded},
          {"declared_length", kEnded},
          {"random_bytes", kEnded},
          {"descriptor", {"ok", kEnded[0], kEnded[1]}}, // refused by the kernel or by the hub
          {"steals_frames", {"ok", kEnded[0], kEnded[1], "timeout/deadline"}, "record", 1000},
          {"half_reply", kEnded}};
}

class Abuse {
 public:
  Abuse(Showing& showing, Isolation isolation)
      : showing_(showing), isolation_(isolation), markers_(showing.random()), hub_(config()) {}

  void run() {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    ChaosCalls liar(hub_, "liar", "by-liar");
    auto victims = watch_victims();
    for (const auto& one : lies()) {
      if (one.deadline_ms >= kPatience) {
        static_cast<void>(liar.serves_again(bench::now())); // after the lie before
        show(one, liar);
      } else { // hangs, as the hub sees it: its process may be ended for that
        ChaosCalls calls(hub_, "h_" + one.mode, "by-liar");
        show(one, calls);
      }
    }
    if (isolation_ == Isolation::worker) {
      for (const auto& one : frames()) {
        ChaosCalls calls(hub_, "f_" + one.mode, "by-liar");
        for (int i = 0; i < 3; ++i) {
          show(one, calls);
          showing_.holds(calls.serves_again(bench::now()).has_value(), one.mode + ": its connector does not come back");
        }
      }
      split_everywhere();
    }
    victims.clear();
    showing_.holds(hub_.stop() == 0, "the hub did not end well");
    showing_.holds(hub_.log_faults().empty(), hub_.log_faults());
    look(hub_.raw_log(), 0, "the log");
  }

  std::int64_t most_peak_kb() const { return most_peak_kb_; }

 private:
  HubConfig config() const {
    HubConfig config;
    config.plugins_dir = plugins_.path();
    config.add("liar", chaos_connector(isolation_)).add("honest", chaos_connector(isolation_));
    for (const auto& one : lies())
      if (one.deadline_ms < kPatience) config.add("h_" + one.mode, chaos_connector(isolation_));
    config.add("splits", chaos_connector(isolation_));
    if (isolation_ == Isolation::worker)
      for (const auto& one : frames()) config.add("f_" + one.mode, chaos_connector(isolation_));
    return config;
  }

  void show(const Case& one, ChaosCalls& calls) {
    const auto marker = markers_.mint(kLiar);
    const auto resident = figures_of(hub_.process().pid()).resident_kb;
    static_cast<void>(take_peak_kb(hub_.process().pid()));
    const auto answer = calls.call(one.mode, {one.section, R"(, "marker": ")" + marker + "\"", one.deadline_ms});
    const auto peak = take_peak_kb(hub_.process().pid()) - resident;
    showing_.count("cases");
    showing_.holds(std::find(one.answers.begin(), one.answers.end(), answer.said()) != one.answers.end(),
                   one.mode + " for " + one.section + " was answered " + answer.said() + ": " +
                       answer.section.substr(0, 300));
    if (isolation_ == Isolation::worker) {
      most_peak_kb_ = std::max(most_peak_kb_, peak);
      showing_.holds(peak <= kMostMemoryKb, one.mode + " cost the hub " + std::to_string(peak) + " kB");
    }
    look(answer.section, kLiar, one.mode);
    for (const char* const undeclared : {"credit_card", "evil", "second-reply", "somebody-else"})
      showing_.holds(answer.section.find(undeclared) == answer.section.npos,
                     one.mode + ": \"" + undeclared + "\" was passed on");
  }

  // A frame may come in any two pieces.
  void split_everywhere() {
    ChaosCalls calls(hub_, "splits", "by-liar"); // nothing else may come between the pieces
    for (int at = 0; at <= kMostOffset; ++at) {
      showing_.count("split frames");
      std::string said = split(calls, at);
      if (!said.empty() && calls.serves_again(bench::now())) said = split(calls, at); // the worker spoke in between
      showing_.holds(said.empty(), "a frame split at " + std::to_string(at) + " was answered " + said);
    }
  }

  std::string split(ChaosCalls& calls, int at) { // what was answered instead of its own data
    const auto marker = markers_.mint(kLiar);
    const auto params = R"(, "marker": ")" + marker + R"(", "at": )" + std::to_string(at);
    const auto answer = calls.call("split_reply", {"record", params});
    const bool whole = answer.status == "ok" && answer.section.find(marker) != answer.section.npos;
    return whole ? "" : answer.section.substr(0, 200);
  }

  // Others ask all the while: the same connector, and one whose plugin tells no lies.
  std::vector<std::jthread> watch_victims() {
    std::vector<std::jthread> threads;
    for (const std::string connector : {"liar", "honest"})
      threads.emplace_back([this, connector, calls = std::make_shared<ChaosCalls>(hub_, connector, "by-victim")](
                               const std::stop_token& stop) {
        try { // the thread's root
          while (!stop.stop_requested()) ask_as_victim(*calls, connector == "honest");
        } catch (const std::exception& error) {
          showing_.fail("somebody else has no answer from " + connector + ": " + error.what());
        }
      });
    return threads;
  }

  void ask_as_victim(ChaosCalls& calls, bool always_ok) {
    const auto answer = calls.call("", {"record", R"(, "marker": ")" + markers_.mint(kVictim) + "\""});
    showing_.count("answers to others");
    look(answer.section, kVictim, "an answer to somebody else");
    showing_.holds(!always_ok || answer.status == "ok", "an honest connector was answered " + answer.section);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }

  void look(std::string_view text, Markers::Owner owner, const std::string& where) {
    const std::array<Markers::Owner, 1> allowed{owner};
    for (const auto& foreign : markers_.look(text, allowed).foreign) {
      showing_.count("foreign markers");
      showing_.fail(where + " has " + foreign.where);
    }
  }

  Showing& showing_;
  const Isolation isolation_;
  const ChaosPlugins plugins_;
  Markers markers_;
  HubProcess hub_;
  std::int64_t most_peak_kb_ = 0;
};

std::string show(Showing& showing) {
  Abuse(showing, Isolation::in_process).run();
  std::int64_t most_peak_kb = 0;
  if (const auto why = why_no_workers(); why.empty()) {
    Abuse abuse(showing, Isolation::worker);
    abuse.run();
    most_peak_kb = abuse.most_peak_kb();
  } else {
    showing.skip(why);
  }
  return std::to_string(showing.counted("cases")) + " lies and " + std::to_string(showing.counted("split frames")) +
         " split frames, in a worker at most " + std::to_string(most_peak_kb) + " kB of the hub's memory each, " +
         std::to_string(showing.counted("answers to others")) + " answers to others meanwhile, " +
         std::to_string(showing.counted("foreign markers")) + " foreign markers";
}

} // namespace

} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "P5", plugboard::test::show);
}
