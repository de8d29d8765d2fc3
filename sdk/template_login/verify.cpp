#include <plugboard/json.hpp>
#include <plugboard/plugin.hpp>

#include <algorithm>
#include <stdexcept>

using namespace plugboard;

// Proves who a customer is in two steps. {"phone": "+46701234512"}: the service is asked, POST {url}/{phone}, to send a
// code there. {"code": "123456"}: it is asked, POST {url}/{phone}/check, whether that was the one.
class Verify : public AsyncAuthenticate {
 public:
  Verify(Host host, std::string_view config) : host_(host) {
    const auto parsed = parse_json(config); // it follows config.schema.json: the hub has checked that
    if (!parsed) throw std::runtime_error(parsed.failure().message);
    url_ = (*parsed)["url"].text().value_or("");
    if (!url_.starts_with("https://")) throw std::runtime_error("\"url\" must begin with https://");
  }

  void authenticate(const Request& request, Call call) override {
    if (request.state().empty()) return begin(member(request.credential(), "phone"), std::move(call));
    // The hub kept it, and gives it back to nobody else: it is as we wrote it.
    const int left = request.state().front() - '0';
    check(member(request.credential(), "code"), std::string(request.state().substr(1)), left, std::move(call));
  }

 private:
  static constexpr int kAttempts = 3;
  static constexpr std::int64_t kLifetime = 300; // seconds

  void begin(std::string phone, Call call) {
    const bool is_phone = phone.starts_with('+') && phone.size() > 7 && phone.size() <= 16 &&
                          std::all_of(phone.begin() + 1, phone.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!is_phone) return call.fail(Status::rejected, R"(the first step is {"phone": "+46701234512"})");
    HttpRequest post{.method = "POST", .url = url_ + "/" + percent_encoded(phone)};
    host_.send(post, std::move(call), [phone](Call asked, const HttpResponse& response) {
      if (!response.answered()) return asked.fail(response.error(), std::string(response.message()));
      if (response.status() != 204) return asked.fail(Status::upstream_failed, std::to_string(response.status()));
      asked.complete(challenge(phone, kAttempts));
    });
  }

  void check(const std::string& code, std::string phone, int left, Call call) {
    HttpRequest post{.method = "POST",
                     .url = url_ + "/" + percent_encoded(phone) + "/check",
                     .headers = {{"Content-Type", "application/json"}},
                     .body = "{\"code\":" + json_string(code) + "}"};
    host_.send(post, std::move(call), [phone, left](Call asked, const HttpResponse& response) {
      if (!response.answered()) return asked.fail(response.error(), std::string(response.message()));
      if (response.status() == 204) return asked.complete(proof_for(phone));
      if (response.status() != 403) return asked.fail(Status::upstream_failed, std::to_string(response.status()));
      if (left > 1) return asked.complete(challenge(phone, left - 1));
      // Whom it was tried for: the hub counts that, and shows it to nobody.
      asked.fail(
          {.status = Status::rejected, .message = "the last code was wrong, too", .tried = Yield{"phone", phone}});
    });
  }

  static Challenge challenge(const std::string& phone, int left) {
    return {.state = std::to_string(left) + phone,
            .challenge = R"({"type":"code","attempts_left":)" + std::to_string(left) + "}",
            .expires_at = now() + kLifetime};
  }

  static Proof proof_for(const std::string& phone) {
    Proof proof;
    proof.issuer = "verify.example";
    proof.subject = phone;
    proof.methods = {"otp"};
    proof.authenticated_at = now();
    proof.identifiers = {{"phone", phone, true}};
    return proof;
  }

  static std::string member(std::string_view credential, const char* name) { // "" when there is no such text
    const auto parsed = parse_json(credential);
    return std::string(parsed ? (*parsed)[name].text().value_or("") : "");
  }

  static std::int64_t now() {
    return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }

  Host host_;
  std::string url_;
};

PLUGBOARD_EXPORT(Verify)
