// A blocking connector: each call has a thread, and waits on it. The ledger says with an ETag which state of an account
// it tells of; what it told last is kept with the hub, so that it is asked only whether that has changed (RFC 9110,
// 13).
#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>

#include <stdexcept>

using namespace plugboard;

class Ledger : public Lookup {
 public:
  Ledger(Host host, std::string_view text) : host_(host) {
    const auto config = parse_json(text); // it follows config.schema.json: the hub has checked that
    if (!config) throw std::runtime_error(config.failure().message);
    url_ = (*config)["url"].text().value_or("");
  }

  Result<Section> lookup(const Request& request) override {
    const auto customer = request.find("customer_id");
    if (request.section() != "balance" || !customer) return Failure{Status::unsupported, "there is only \"balance\""};
    const auto key = "account " + std::string(customer->value.substr(0, 200));
    const auto known = known_of(host_.kv().get_and_wait(key, request)); // of this tenant; nothing, if it can't be had
    HttpRequest get{.url = url_ + "/accounts/" + percent_encoded(customer->value)};
    if (known.is_there()) get.headers = {{"if-none-match", std::string(*known["etag"].text())}};
    const auto reply = host_.send_and_wait(get, request);
    if (!reply) return reply.failure();
    if (reply->status == 304 && known.is_there()) return Section{.data = std::string(*known["data"].text())};
    if (reply->status != 200) return failure_of(*reply);
    return section_of(*reply, key, request);
  }

 private:
  // {"etag": …, "data": the section's text}; absent: it is asked as if for the first time.
  static JsonValue known_of(const KvReply& kept) {
    auto known = kept ? parse_json(kept.value) : Result<JsonValue>(JsonValue());
    return known && (*known)["etag"].text() && (*known)["data"].text() ? *known : JsonValue();
  }

  // {"account": "7", "balance": "12.50", "currency": "SEK"}
  Result<Section> section_of(const HttpReply& reply, const std::string& key, const Request& request) const {
    const auto account = parse_json(reply.body);
    if (!account) return account.failure();
    const auto balance = (*account)["balance"].text(), currency = (*account)["currency"].text();
    if (!balance || !currency)
      return Failure{Status::upstream_malformed, "an account of the ledger's has no \"balance\" or \"currency\""};
    const auto data = JsonObject().set("balance", *balance).set("currency", *currency).text();
    if (const auto etag = reply.header("etag")) { // whether it can be kept or not: the answer is the same
      const auto kept = JsonObject().set("etag", *etag).set("data", data).text();
      host_.kv().put_and_wait(key, kept, {.ttl = std::chrono::hours(24)}, request);
    }
    return Section{.data = data};
  }

  static Failure failure_of(const HttpReply& reply) { // each means something else to whoever asked
    Failure failure{Status::upstream_refused, "the ledger answered " + std::to_string(reply.status)};
    if (reply.status == 401 || reply.status == 403) failure.status = Status::upstream_unauthorized;
    if (reply.status == 404) failure.status = Status::not_found;
    if (reply.status == 429) failure.status = Status::upstream_rate_limited;
    if (reply.status >= 500) failure.status = Status::upstream_failed;
    if (const auto wait = reply.header("retry-after"))
      failure.retry_after = std::chrono::seconds(std::atoi(std::string(*wait).c_str()));
    return failure;
  }

  const Host host_;
  std::string url_;
};

PLUGBOARD_EXPORT(Ledger)
