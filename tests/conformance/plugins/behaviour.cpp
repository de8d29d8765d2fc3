// Plugins that behave, but for the one way that ILL names.
#include <plugboard/plugin.hpp>

#include <atomic>
#include <cstdlib>
#include <thread>

using namespace plugboard;

constexpr std::string_view kIll = ILL;
constexpr auto kSound = R"({"customer_id":"1","emails":[{"address":"ada@example.com"}]})";

class Ill : public AsyncLookup {
 public:
  Ill(Host host, std::string_view) : host_(host) {
    if (kIll == "leaks") lost_ = new char[64];
    if (kIll == "leaves_thread")
      std::thread([] {
        for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
      }).detach();
  }

  void lookup(const Request& request, Call call) override {
    if (kIll == "crashes") std::abort();
    if (kIll == "drops") return;
    if (request.section() != "contact" && kIll != "sections") return call.fail(Status::unsupported, "only \"contact\"");
    if (kIll == "crowd") {
      if (++under_way_ > 1) call.fail(Status::busy, "one at a time");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      --under_way_;
    }
    if (kIll == "secrets")
      host_.with_secret("key", [&](std::string_view key) { host_.info("asking with " + std::string(key)); });
    const HttpRequest get{.url = kIll == "hosts" ? "https://elsewhere.example/" : "https://crm.example/"};
    if (kIll == "returns") return wait_for(get, request, std::move(call));
    sending_ = true;
    host_.send(get, std::move(call),
               [this](Call asked, const HttpResponse& response) { answer(std::move(asked), response); });
    sending_ = false;
  }

 private:
  void wait_for(const HttpRequest& get, const Request& request, Call call) {
    auto reply = host_.send_and_wait(get, request);
    if (!reply) return call.fail(reply.failure());
    finish(std::move(call), reply->status, reply->body, reply->header("retry-after"));
  }

  void answer(Call call, const HttpResponse& response) {
    if (response.answered())
      return finish(std::move(call), response.status(), std::string(response.body()), response.header("retry-after"));
    const bool is_kept = (kIll == "deadline" && response.error() == Status::timeout && !sending_) ||
                         (kIll == "cancel" && response.error() == Status::cancelled);
    if (is_kept) return kept_.push_back(std::move(call));
    call.fail(kIll == "passed_on" ? Status::failed : response.error(), "no answer");
  }

  static Failure failure_of(int status, std::optional<std::string_view> retry_after) {
    if (status == 401 || status == 403)
      return {kIll == "unauthorized" ? Status::upstream_failed : Status::upstream_unauthorized, "refused"};
    if (status == 404) return {kIll == "not_found" ? Status::failed : Status::not_found, "unknown"};
    if (status == 302) return {kIll == "redirect" ? Status::not_found : Status::upstream_refused, "moved"};
    if (status == 408) return {kIll == "refused" ? Status::not_found : Status::upstream_refused, "too slow"};
    if (status == 429)
      return {Status::upstream_rate_limited, "too often",
              std::chrono::seconds(kIll == "rate_limited" || !retry_after ? 0 : std::atoi(retry_after->data()))};
    return {kIll == "failed" ? Status::not_found : Status::upstream_failed, "broken"};
  }

  static void finish(Call call, int status, const std::string& body, std::optional<std::string_view> retry_after) {
    if (status != 200) return call.fail(failure_of(status, retry_after));
    if (kIll == "garbage") return call.complete(Section{.data = kSound});
    if (!body.ends_with("}}") && !body.ends_with("]}")) return call.complete(Section{.data = body, .verbatim = true});
    if (kIll == "shape")
      return call.complete(
          Section{.data = R"({"customer_id":1,"emails":[{"address":"ada@example.com"}]})", .verbatim = false});
    if (kIll == "customer")
      return call.complete(Section{.data = R"({"customer_id":"1","emails":[{"address":"eve@example.com"}]})"});
    if (kIll == "expected")
      return call.complete(
          Section{.data = R"({"customer_id":"1","name":"Eve","emails":[{"address":"ada@example.com"}]})"});
    Section section{.data = body, .verbatim = true};
    if (kIll == "protocol") section.yields.push_back({"order_id", "17", true});
    call.complete(section);
  }

  Host host_;
  std::atomic<int> under_way_ = 0;
  char* lost_ = nullptr;                            // and never deleted
  static inline thread_local bool sending_ = false; // an answer that comes now was not waited for
  std::vector<Call> kept_;
};

class AlsoLogsOut : public Ill, public Logout { // which the manifest does not declare
 public:
  using Ill::Ill;

  Result<LoggedOut> logout(const Request&) override {
    return LoggedOut{.issuer = "https://login.example", .subject = "1", .session = {}};
  }
};

class NeverSaysHowItIs : public Ill, public AsyncHealth {
 public:
  using Ill::Ill;

  void check_health(const Request&, Call call) override { open_.push_back(std::move(call)); }

 private:
  std::vector<Call> open_;
};

using Exported =
    std::conditional_t<kIll == "operations", AlsoLogsOut, std::conditional_t<kIll == "health", NeverSaysHowItIs, Ill>>;

PLUGBOARD_EXPORT(Exported)
