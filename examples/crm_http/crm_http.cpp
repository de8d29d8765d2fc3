// A connector to a CRM: a JSON API that wants an access token (OAuth 2.0, client credentials). It says who a customer
// is, and under which id the business knows them, so that the systems that know nothing but the id can be asked, too.
#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>
#include <plugboard/shapes/contact.hpp>

#include <stdexcept>

using namespace plugboard;

class Crm : public AsyncLookup {
 public:
  Crm(Host host, std::string_view text) : Crm(host, *config_of(text)) {}

  void lookup(const Request& request, Call call) override {
    const auto email = request.find("email");
    if (request.section() != "contact" || !email) return call.fail(Status::unsupported, "there is only \"contact\"");
    HttpRequest get{.url = url_ + "/contacts?email=" + percent_encoded(email->value)};
    crm_.send(get, std::move(call), [](Call asked, const HttpResponse& response) {
      if (!response.answered()) return asked.fail(response.error(), std::string(response.message()));
      if (response.status() != 200) return asked.fail(failure_of(response));
      auto section = section_of(response.body());
      if (!section) return asked.fail(section.failure());
      asked.complete(*section);
    });
  }

 private:
  Crm(Host host, const JsonValue& config)
      : url_(text_of(config, "url")), crm_(host.oauth2({.token_url = text_of(config, "token_url"),
                                                        .client_id = text_of(config, "client_id"),
                                                        .client_secret = text_of(config["client_secret"], "secret"),
                                                        .scope = text_of(config, "scope")})) {}

  static Result<JsonValue> config_of(std::string_view text) { // it follows config.schema.json: the hub has checked that
    auto config = parse_json(text);
    if (!config) throw std::runtime_error(config.failure().message);
    return config;
  }

  static std::string text_of(const JsonValue& object, std::string_view member) {
    return std::string(object[member].text().value_or(""));
  }

  // {"contacts": [{"id": 7, "name": "Ada", "email": "…", "phone": "…"}]}
  static Result<Section> section_of(std::string_view body) {
    const auto answer = parse_json(body);
    if (!answer) return answer.failure();
    const auto& contacts = (*answer)["contacts"];
    if (contacts.type() != JsonValue::Type::array)
      return Failure{Status::upstream_malformed, "the CRM's answer has no \"contacts\""};
    if (contacts.size() == 0) return Failure{Status::not_found};
    if (contacts.size() > 1) return Failure{Status::ambiguous, "several contacts have this e-mail address"};
    const auto& contact = contacts.at(0);
    const auto id = contact["id"].id();
    if (!id) return Failure{Status::upstream_malformed, "a contact of the CRM's has no \"id\""};
    contact_v1::Contact known{.customer_id = std::string(*id)};
    if (auto name = contact["name"].text()) known.name = std::string(*name);
    if (auto phone = contact["phone"].text()) known.phones = {{.number = std::string(*phone)}};
    return Section{.data = contact_v1::data_of(known), .yields = {{"customer_id", std::string(*id), true}}};
  }

  static Failure failure_of(const HttpResponse& response) { // each means something else to whoever asked
    const int status = response.status();
    Failure failure{Status::upstream_refused, "the CRM answered " + std::to_string(status)};
    if (status == 401 || status == 403) failure.status = Status::upstream_unauthorized; // with a new token, too
    if (status == 404) failure.status = Status::not_found;
    if (status == 429) failure.status = Status::upstream_rate_limited;
    if (status >= 500) failure.status = Status::upstream_failed;
    if (auto wait = response.header("retry-after")) // in seconds, or a date, of which nothing is made here
      failure.retry_after = std::chrono::seconds(std::atoi(std::string(*wait).c_str()));
    return failure;
  }

  const std::string url_;
  const HostOauth2 crm_;
};

PLUGBOARD_EXPORT(Crm)
