// Uses each service of the hub, as the section that it is asked for says, and answers with what came of it.
#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>

#include <atomic>

using namespace plugboard;

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

class Served : public AsyncLookup, public AsyncExport, public AsyncErase, public AsyncHealth {
 public:
  Served(Host host, std::string_view config) : host_(host), is_ill_(config.find("\"ill\"") != std::string_view::npos) {}

  void lookup(const Request& request, Call call) override {
    if (request.section() == "waits") return wait(std::move(call), milliseconds(30));
    if (request.section() == "waits_often") return wait_often(std::move(call), *times(request));
    if (request.section() == "waits_for_ever") return wait(std::move(call), std::chrono::hours(9));
    if (request.section() == "counts") return count(std::move(call));
    if (request.section() == "miscounts") return miscount(std::move(call));
    if (request.section() == "keeps") return keep(std::move(call));
    if (request.section() == "recalls") return recall(std::move(call));
    if (request.section() == "replaces") return replace(std::move(call));
    if (request.section() == "tells_secret") return tell_secret(std::move(call));
    call.fail(Status::failed, "it does not know this section");
  }

  void check_health(const Request& request, Call call) override {
    if (!request.tenant().empty()) return call.fail(Status::failed, "a check is about nobody");
    if (is_ill_) return call.fail(Status::upstream_unauthorized, "the token was refused: log in again");
    call.complete(Healthy{});
  }

  // It knows three records of customer C1, of which one is an invoice.
  void export_subject(const Request& request, Call call) override {
    const auto customer = request.find("customer_id");
    if (!customer || customer->value.starts_with("nobody")) return call.fail(Status::not_found, "");
    if (customer->value == "badly") return call.complete(SubjectData{.data = "[]"});
    if (customer->value == "never") return sleep(std::move(call));
    call.complete(SubjectData{.data = R"({"customer":")" + std::string(customer->value) + R"(","why":")" +
                                      std::string(request.purpose()) + R"(","orders":)" + (erased_ ? "[]" : "[1, 2]") +
                                      R"(,"invoices":[3]})"});
  }

  void erase_subject(const Request& request, Call call) override {
    const auto customer = request.find("customer_id");
    if (!customer || customer->value.starts_with("nobody")) return call.fail(Status::not_found, "");
    if (customer->value == "fails") return call.fail(Status::unreachable, "the archive is away");
    call.complete(Erased{.records = erased_.exchange(true) ? 0U : 2U, .kept = {{"one \"invoice\"", "tax law"}}});
  }

 private:
  void sleep(Call call) {
    host_.clock().after(std::chrono::hours(1), std::move(call),
                        [](Call asked, Status status) { asked.fail(status, ""); });
  }

  static std::optional<std::int64_t> times(const Request& request) {
    const auto params = parse_json(request.params());
    if (!params) throw std::runtime_error(params.failure().message);
    return (*params)["times"].integer();
  }

  void wait_often(Call call, std::int64_t times) {
    if (times == 0) return call.complete(Section{.data = R"({"waited": true})"});
    host_.clock().after(milliseconds(0), std::move(call), [this, times](Call asked, Status status) {
      if (status != Status::ok) return asked.fail(status, "");
      wait_often(std::move(asked), times - 1);
    });
  }

  void wait(Call call, milliseconds pause) {
    host_.clock().after(
        pause, std::move(call), [host = host_, begun = host_.clock().monotonic()](Call asked, Status status) {
          if (status != Status::ok) host.info("the wait ended as " + std::to_string(static_cast<int>(status)));
          if (status != Status::ok) return asked.fail(status, "");
          const auto took = duration_cast<milliseconds>(host.clock().monotonic() - begun).count();
          const auto year =
              std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(host.clock().wall())).year();
          asked.complete(Section{.data = R"({"waited_ms": )" + std::to_string(took) + R"(, "year": )" +
                                         std::to_string(static_cast<int>(year)) + "}"});
        });
  }

  void count(Call call) {
    const auto metrics = host_.metrics();
    bool counted = metrics.count("answers_total", {"right", "long"}) == Status::ok;
    counted = counted && metrics.count("answers_total", {"right", "long"}, 2) == Status::ok;
    counted = counted && metrics.set("depth", -4.5) == Status::ok && metrics.set("depth", 7.5) == Status::ok;
    counted =
        counted && metrics.observe("size_bytes", 50) == Status::ok && metrics.observe("size_bytes", 500) == Status::ok;
    call.complete(Section{.data = counted ? R"({"counted": true})" : R"({"counted": false})"});
  }

  void miscount(Call call) {
    const auto metrics = host_.metrics();
    const bool refused = metrics.count("customers_total") == Status::not_found && // no such metric
                         metrics.count("answers_total", {"right", "ada@example.com"}) == Status::not_found &&
                         metrics.count("answers_total", {"right"}) == Status::not_found &&
                         metrics.count("answers_total", {"right", "long"}, -1) == Status::failed;
    call.complete(Section{.data = refused ? R"({"refused": true})" : R"({"refused": false})"});
  }

  // Puts, sees that nobody overwrites what is there unless he means it, and removes.
  void keep(Call call) {
    KvWrite first{.ttl = std::chrono::hours(1), .only_if = PLUGBOARD_KV_ABSENT};
    host_.kv().put("kept", "first", first, std::move(call), [this](Call asked, const KvResult& put) {
      if (!put) return asked.fail(put.status(), "put");
      overwrite(std::move(asked), put.version());
    });
  }

  void overwrite(Call call, std::int64_t version) {
    KvWrite absent{.ttl{}, .only_if = PLUGBOARD_KV_ABSENT};
    host_.kv().put("kept", "second", absent, std::move(call), [this, version](Call asked, const KvResult& put) {
      if (put.status() != Status::conflict) return asked.fail(Status::failed, "it was overwritten");
      KvWrite meant{.ttl{}, .only_if = version};
      host_.kv().put("kept", "third", meant, std::move(asked), [this](Call again, const KvResult& done) {
        if (!done) return again.fail(done.status(), "put what was meant");
        host_.kv().remove("never there", PLUGBOARD_KV_ANY, std::move(again), [this](Call last, const KvResult& gone) {
          if (gone.status() != Status::not_found) return last.fail(Status::failed, "removed what never was");
          recall(std::move(last));
        });
      });
    });
  }

  void recall(Call call) {
    host_.kv().get("kept", std::move(call), [](Call asked, const KvResult& got) {
      if (!got) return asked.fail(got.status(), "get");
      asked.complete(Section{.data = R"({"kept": ")" + std::string(got.value()) + "\"}"});
    });
  }

  // The new value is there when it is said to be; the call goes on then.
  void replace(Call call) {
    auto kept = std::make_shared<Call>(std::move(call));
    const auto asked = host_.replace_secret("/token", "rotated", [this, kept](Status status) {
      if (status != Status::ok) return kept->fail(status, "replace");
      tell_secret(std::move(*kept));
    });
    if (asked != Status::ok) kept->fail(asked, "replace");
  }

  void tell_secret(Call call) {
    std::size_t size = 0; // never the secret itself
    if (!host_.with_secret("/token", [&](std::string_view secret) { size = secret.size(); }))
      return call.fail(Status::failed, "no secret");
    call.complete(Section{.data = R"({"bytes": )" + std::to_string(size) + "}"});
  }

  Host host_;
  const bool is_ill_;
  std::atomic<bool> erased_ = false; // what may be
};

} // namespace

PLUGBOARD_EXPORT(Served)
