#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>

#include <cstdlib>
#include <stdexcept>

using namespace plugboard;

// Answers the section "contact" with what GET {url}/{customer_id} gives.
class Hello : public AsyncLookup {
 public:
  Hello(Host host, std::string_view config) : host_(host) {
    const auto parsed = parse_json(config); // it follows config.schema.json: the hub has checked that
    if (!parsed) throw std::runtime_error(parsed.failure().message);
    url_ = (*parsed)["url"].text().value_or("");
    if (!url_.starts_with("https://")) throw std::runtime_error("\"url\" must begin with https://");
  }

  void lookup(const Request& request, Call call) override {
    auto id = request.find("customer_id");
    if (request.section() != "contact" || !id) return call.fail(Status::unsupported, "there is only \"contact\"");
    HttpRequest get{.url = url_ + "/" + percent_encoded(id->value)};
    host_.send(get, std::move(call), [](Call asked, const HttpResponse& response) {
      if (!response.answered()) return asked.fail(response.error(), std::string(response.message()));
      if (response.status() != 200) return asked.fail(failure_of(response));
      asked.complete(Section{.data = std::string(response.body()), .verbatim = true});
    });
  }

 private:
  static Failure failure_of(const HttpResponse& response) { // each means something else to whoever asked
    const int status = response.status();
    Failure failure{Status::upstream_refused, "the service answered " + std::to_string(status)};
    if (status == 401 || status == 403) failure.status = Status::upstream_unauthorized;
    if (status == 404) failure.status = Status::not_found;
    if (status == 429) failure.status = Status::upstream_rate_limited;
    if (status >= 500) failure.status = Status::upstream_failed;
    if (auto wait = response.header("retry-after")) // in seconds, or a date, of which nothing is made here
      failure.retry_after = std::chrono::seconds(std::atoi(std::string(*wait).c_str()));
    return failure;
  }

  Host host_;
  std::string url_;
};

PLUGBOARD_EXPORT(Hello)
