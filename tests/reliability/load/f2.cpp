// F2: what is missing says so. Sections that fail in every way there is, asked for in random company, with random ones
// that must be there: each is listed with its status and reason, none has data that nobody gave.
#include "tests/reliability/promise.hpp"
#include "tests/support/hub_process.hpp"
#include "tests/support/upstream.hpp"

#include <algorithm>

namespace plugboard::test {
namespace {

// However often they fail: what is shown here is what each failure is called.
constexpr std::string_view kAskedOn = R"("breaker": {"enabled": false}, )";

struct Case {
  std::string name; // of a section; "" before the dot: not there at all
  std::string status, reason;
  std::string section; // as it is configured; "": it is not one of rest's
  UpstreamReply reply{};
};

std::string of(const std::string& name, const std::string& more = "") {
  return rest_section("/" + name, more);
}

std::vector<Case> cases() {
  const auto needs = [](const std::string& need) {
    return R"({"shape": "record/v1", "mapping": "identity", "needs": [[)" + need + R"(]], "url": "/ok"})";
  };
  return {
      {"ok", "ok", "", of("ok"), {.body = R"({"a": 1})"}},
      {"empty", "ok", "", of("empty"), {.body = "{}"}},
      {"unknown", "not_found", "", of("unknown", R"("yields": {"phone": {"from": "/phone"}}, )"), {.status = 404}},
      {"gone", "not_found", "", of("gone"), {.status = 410}},
      {"hangs", "timeout", "deadline", of("hangs"), {.hang = true}},
      {"failing", "error", "upstream_failed", of("failing"), {.status = 500}},
      {"signed_out", "error", "upstream_unauthorized", of("signed_out"), {.status = 401}},
      {"refusing", "error", "upstream_refused", of("refusing"), {.status = 422}},
      {"html", "error", "upstream_malformed", of("html"), {.body = "<!doctype html>"}},
      {"cut",
       "error",
       "upstream_malformed",
       of("cut"),
       {.raw = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"half\": ",
        .close = true}},
      {"other",
       "invalid",
       "wrong_customer",
       of("other", R"("echo": {"/id": "customer_id"}, )"),
       {.body = R"({"id": "2002"})"}},
      {"nobody", "skipped", "identifier_unknown", needs(R"("phone")"), {}},
      {"unverified", "skipped", "identifier_unverified", needs(R"({"type": "email", "verified": true})"), {}},
  };
}

class Scene {
 public:
  explicit Scene(Showing& showing) : showing_(showing), hub_(config()) {
    if (!hub_.start()) throw std::runtime_error("the hub does not start: " + hub_.raw_log());
    session_ = hub_.session({.email_verified = false});
  }

  void ask() {
    std::vector<Case> asked;
    std::string sections, required;
    std::vector<std::string> missing;
    for (const auto& one : all_)
      if (showing_.random() % 3 == 0) asked.push_back(one);
    if (asked.empty()) asked.push_back(all_.front());
    for (const auto& one : asked) {
      sections += (sections.empty() ? "\"" : ", \"") + one.name + "\"";
      if (showing_.random() % 2 == 0) continue;
      required += (required.empty() ? "\"" : ", \"") + one.name + "\"";
      if (one.status != "ok" && one.status != "not_found") missing.push_back(one.name);
    }
    const auto context = hub_.context(session_, R"(, "deadline_ms": 250, "sections": [)" + sections +
                                                    R"(], "required": [)" + required + "]");
    showing_.count("contexts");
    hold(context, asked, missing);
  }

  void stop() { hub_.stop(); }

 private:
  HubConfig config() {
    HubConfig config;
    std::string sections;
    for (const auto& one : all_) {
      sections += (sections.empty() ? "{" : ", ") + json_string(one.name) + ": " + one.section;
      upstream_.on("/" + one.name, one.reply);
    }
    config.add("shop", rest_connector(upstream_.port(), sections + "}", kAskedOn));
    config.add("vault", rest_connector(upstream_.port(), R"({"card": )" + of("ok") + "}", R"("assurance": "aal2", )"));
    config.add("away", rest_connector(1, R"({"one": )" + of("ok") + "}", kAskedOn)); // nobody listens there
    config.add("slow", rest_connector(upstream_.port(), R"({"one": )" + of("hangs") + "}",
                                      R"("timeout_ms": 60, "breaker": {"enabled": false}, )"));
    for (auto& one : all_) one.name = "shop." + one.name;
    all_.push_back({"vault.card", "step_up_required", "", "", {}});
    all_.push_back({"away.one", "error", "unreachable", "", {}});
    all_.push_back({"slow.one", "timeout", "connector_timeout", "", {}});
    all_.push_back({"nobody.knows", "denied", "", "", {}});
    return config;
  }

  void hold(const Json& context, const std::vector<Case>& asked, std::vector<std::string> missing) {
    showing_.holds(context.size("/sections") == asked.size(), "not as many sections as were asked for");
    bool complete = true;
    for (const auto& one : asked) {
      const auto at = "/sections/" + one.name;
      if (!showing_.holds(context.has(at), one.name + " is not listed")) continue;
      const auto status = context.text(at + "/status");
      const auto reason = context.has(at + "/error/reason") ? context.text(at + "/error/reason") : "";
      const bool breaker = status == "unavailable" && reason == "breaker_open" && !one.reason.empty();
      showing_.holds(breaker || (status == one.status && reason == one.reason),
                     one.name + " is " + status + " " + reason);
      showing_.holds(context.has(at + "/data") == (one.status == "ok"), one.name + " has data, or has none");
      showing_.holds(reason.empty() || !context.text(at + "/error/title").empty(), one.name + " does not say why");
      complete = complete && (one.status == "ok" || one.status == "not_found");
      showing_.count(status == "ok" ? "sections there" : "sections missing");
    }
    showing_.holds(context.truth("/complete") == complete, "complete is wrong");
    std::vector<std::string> named;
    for (std::size_t i = 0; i < context.size("/required_missing"); ++i)
      named.push_back(context.text("/required_missing/" + std::to_string(i)));
    std::sort(named.begin(), named.end());
    std::sort(missing.begin(), missing.end());
    showing_.holds(named == missing, "required_missing is wrong");
  }

  Showing& showing_;
  std::vector<Case> all_ = cases();
  Upstream upstream_;
  HubProcess hub_;
  std::string session_;
};

std::string show(Showing& showing) {
  Scene scene(showing);
  for (int i = 0; i < (showing.full ? 1000 : 60); ++i) scene.ask();
  scene.stop();
  return std::to_string(showing.counted("contexts")) +
         " contexts: " + std::to_string(showing.counted("sections missing")) +
         " sections missing in 15 ways, each named with its reason, " +
         std::to_string(showing.counted("sections there")) + " there";
}

} // namespace
} // namespace plugboard::test

int main(int argc, char** argv) {
  return plugboard::test::show_promise(argc, argv, "F2", plugboard::test::show);
}
