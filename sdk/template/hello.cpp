#include <plugboard/plugin.hpp>

#include <rapidjson/document.h>

#include <stdexcept>

using namespace plugboard;

// Answers the section "contact" with what GET {url}/{customer_id} gives.
class Hello : public AsyncLookup {
 public:
  Hello(Host host, std::string_view config) : host_(host) {
    rapidjson::Document parsed; // it follows config.schema.json: the hub has checked that
    parsed.Parse(config.data(), config.size());
    url_ = parsed["url"].GetString();
    if (!url_.starts_with("https://")) throw std::runtime_error("\"url\" must begin with https://");
  }

  void lookup(const Request& request, Call call) override {
    auto id = request.find("customer_id");
    if (!id) return call.fail(Status::failed, "asked without a customer_id");
    HttpRequest get{.url = url_ + "/" + percent_encoded(id->value)};
    host_.send(get, std::move(call), [](Call asked, const HttpResponse& response) {
      if (!response.answered()) return asked.fail(response.error(), std::string(response.message()));
      if (response.status() == 404) return asked.fail(Status::not_found, "");
      if (response.status() != 200) return asked.fail(Status::upstream_failed, std::to_string(response.status()));
      asked.complete(Section{.data = std::string(response.body()), .verbatim = true});
    });
  }

 private:
  Host host_;
  std::string url_;
};

PLUGBOARD_EXPORT(Hello)
